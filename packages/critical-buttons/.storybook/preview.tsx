import type { Preview } from '@storybook/react-vite'
import { configure } from 'storybook/test'
import '../src/styles/styles.css'
import '../src/styles/inspector.css'
import './docs/docs.css'
import './stage/stage.css'
import { isFramedInDocs, keepPageStill } from './stage/keepPageStill.js'
import { tidyArgTypes } from './stage/tidyArgTypes.js'
import { loadStage, withStage } from './stage/withStage.js'

// How long a play function waits for what it looks for: a busy machine is no failure.
configure({ asyncUtilTimeout: 10_000 })

if (isFramedInDocs()) keepPageStill()

const preview: Preview = {
  loaders: [loadStage],
  decorators: [withStage],
  parameters: {
    layout: 'fullscreen',
    controls: { expanded: true },
    a11y: {
      test: 'error',
      options: { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] },
      // A story is a part of a page: landmarks and a first heading are the page's.
      config: {
        rules: [
          { id: 'region', enabled: false },
          { id: 'page-has-heading-one', enabled: false },
        ],
      },
    },
    options: {
      storySort: {
        order: [
          'Start',
          ['Introduction', 'Integration guide', 'Patterns', 'Theming', 'Accessibility', 'Testing your page', 'Troubleshooting'],
          'Overview',
          ['States matrix', 'Sizes and looks', 'Specs', 'Tokens'],
          'Components',
          'Scenarios',
        ],
      },
    },
  },
  argTypesEnhancers: [tidyArgTypes],
  initialGlobals: { theme: 'light', direction: 'ltr', locale: 'en', motion: 'full', network: 'online' },
  globalTypes: {
    theme: toolbar('Theme', 'paintbrush', { light: 'Light', dark: 'Dark', both: 'Side by side' }),
    direction: toolbar('Direction', 'transfer', { ltr: 'Left to right', rtl: 'Right to left' }),
    locale: toolbar('Locale', 'globe', { en: 'English', de: 'Deutsch', ar: 'العربية' }),
    motion: toolbar('Motion', 'play', { full: 'Full motion', reduced: 'Reduced motion' }),
    network: toolbar('Network', 'lightning', { online: 'Online', offline: 'Offline' }),
  },
}

type ToolbarIcon = NonNullable<NonNullable<NonNullable<Preview['globalTypes']>[string]>['toolbar']>['icon']

function toolbar(title: string, icon: ToolbarIcon, items: Record<string, string>) {
  const options = Object.entries(items).map(([value, label]) => ({ value, title: label }))
  return { description: title, toolbar: { title, icon, items: options, dynamicTitle: true } }
}

export default preview
