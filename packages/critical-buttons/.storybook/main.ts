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
    build: {
      ...vite.build,
      // Rewritten for older browsers, light-dark() would follow the page's root alone, not data-cb-theme.
      cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
      // Storybook's own chunks; nobody waits for them over a phone line.
      chunkSizeWarningLimit: 3_000,
      rolldownOptions: {
        ...vite.build?.rolldownOptions,
        // "use client" in our sources is for the package's own build, which keeps it.
        onwarn: (warning, warn) => {
          if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning)
        },
      },
    },
    resolve: { ...vite.resolve, conditions: ['@org/source', ...defaultClientConditions] },
  }),
}

export default config
