import { addons } from 'storybook/manager-api'
import { create } from 'storybook/theming'

addons.setConfig({
  // Scenarios are watched, not set: no controls and no log of their checks beside them.
  layoutCustomisations: {
    showPanel: ({ storyId = '' }, shown) => (storyId.startsWith('scenarios-player--') ? false : shown),
  },
  theme: create({ base: 'light', brandTitle: 'Critical buttons', brandUrl: './', brandTarget: '_self', colorSecondary: '#4f46e5' }),
})
