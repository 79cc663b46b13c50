import type { StorybookConfig } from '@storybook/react-vite'
import { defaultClientConditions } from 'vite'

interface Prop {
  name: string
  parent?: { fileName: string }
  type: { name: string }
}

// Asks the compiler, so that the tables of props hold what a component takes over from shared types too. Tests show
// no tables, and need not wait for it. (`object`: Storybook's own type of these options comes out as undefined.)
const docgen: object = {
  reactDocgen: 'react-docgen-typescript',
  reactDocgenTypescriptOptions: {
    tsconfigPath: 'tsconfig.json',
    shouldExtractLiteralValuesFromEnum: true,
    shouldRemoveUndefinedFromOptional: true,
    // The attributes of every HTML element are the browser's; what cannot be passed is no prop.
    propFilter: ({ name, parent, type }: Prop) =>
      type.name !== 'undefined' && (name === 'className' || !parent?.fileName.includes('node_modules')),
  },
}

const config: StorybookConfig = {
  stories: [
    './docs/*.mdx',
    './stories/*.stories.tsx',
    './scenarios/*.stories.tsx',
    './stress/*.stories.tsx',
    './tokens/*.stories.tsx',
    './specs/*.stories.tsx',
    './patterns/*.stories.tsx',
    '../src/**/*.stories.tsx',
  ],
  // Stories are run as tests by `npm test`; a designer's sidebar has no use for a button that runs them.
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y', ...(process.env.VITEST === undefined ? [] : ['@storybook/addon-vitest'])],
  // Nobody here is new to Storybook on purpose: its own card of first steps would stand above our pages.
  features: { sidebarOnboardingChecklist: false },
  framework: '@storybook/react-vite',
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  typescript: process.env.VITEST === undefined ? docgen : { reactDocgen: false },
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
    resolve: { ...vite.resolve, conditions: ['@org/source', '@org/client', ...defaultClientConditions] },
  }),
}

export default config
