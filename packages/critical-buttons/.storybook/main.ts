import type { StorybookConfig } from '@storybook/react-vite'
import { defaultClientConditions } from 'vite'

const config: StorybookConfig = {
  stories: [
    './docs/*.mdx',
    './stories/*.stories.tsx',
    './scenarios/*.stories.tsx',
    './stress/*.stories.tsx',
    './tokens/*.stories.tsx',
    './patterns/*.stories.tsx',
    '../src/**/*.stories.tsx',
  ],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y', '@storybook/addon-vitest'],
  framework: '@storybook/react-vite',
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  // Workspace packages are read from their sources, so that a change shows without a build.
  viteFinal: (vite) => ({
    ...vite,
    resolve: { ...vite.resolve, conditions: ['@org/source', ...defaultClientConditions] },
  }),
}

export default config
