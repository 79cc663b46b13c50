import { addons } from 'storybook/manager-api'
import { create } from 'storybook/theming'

addons.setConfig({
  theme: create({ base: 'light', brandTitle: 'Critical buttons', brandUrl: './', brandTarget: '_self', colorSecondary: '#4f46e5' }),
})
