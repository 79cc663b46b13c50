import '@org/critical-buttons/styles.unlayered.css'
import { inBrowser } from 'vitepress'
import DefaultTheme from 'vitepress/theme'
import './site.css'

// In the browser alone: what it draws with is only loaded by a page that has such a picture.
if (inBrowser) void import('./states/defineStatePictures.js').then(({ defineStatePictures }) => defineStatePictures())

export default DefaultTheme
