import { defineConfig } from 'vitepress'

const page = (text: string, link: string) => ({ text, link })

export default defineConfig({
  title: 'Critical buttons',
  description: 'One click takes effect exactly once, and the person who clicked always sees its true state.',
  lang: 'en',
  // Where the site lies below its host: a project's own pages on GitHub have its name there.
  base: process.env.DOCS_BASE ?? '/',
  cleanUrls: true,
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === 'state-pictures' } } },
  markdown: {
    config: (md) => {
      // Code within a sentence is shown as it stands, `{{ }}` of JSX too, which Vue would run.
      md.core.ruler.push('code_inline_as_it_stands', ({ tokens }) => {
        for (const { children } of tokens) for (const token of children ?? []) if (token.type === 'code_inline') token.attrSet('v-pre', '')
      })
    },
  },
  vite: {
    build: {
      rollupOptions: {
        // "use client" is for servers of React; there is none here, and nothing is lost with it.
        onwarn: (warning, warn) => (warning.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : warn(warning)),
      },
    },
  },
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  srcExclude: ['.results/**', '.generated/**'],
  // These are places of the running demo, not pages of this site.
  ignoreDeadLinks: [/^https?:\/\/localhost/],
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [page('Guide', '/guide/quick-start'), page('Backend', '/backend/deploy'), page('Reference', '/reference/headers')],
    sidebar: [
      {
        text: 'Guide',
        items: [
          page('Quick start', '/guide/quick-start'),
          page('Start with Vite', '/guide/start-vite'),
          page('Start with Next.js', '/guide/start-next'),
          page('Start with React Router', '/guide/start-react-router'),
          page('A first test', '/guide/testing'),
          page('Your app against npm start', '/guide/own-app'),
          page('Components', '/guide/components'),
          page('Your own button', '/guide/own-button'),
          page('Patterns', '/guide/patterns'),
          page('Theming', '/guide/theming'),
          page('Guarantees', '/guide/guarantees'),
          page('Beside other tools', '/guide/comparison'),
          page('Troubleshooting', '/guide/troubleshooting'),
        ],
      },
      {
        text: 'Backend',
        items: [
          page('Adopt it in an existing project', '/backend/adopt'),
          page('Deploy', '/backend/deploy'),
          page('Your own action', '/backend/own-action'),
          page('In your Express app', '/backend/express-app'),
          page('The middleware alone', '/backend/middleware-alone'),
          page('Operations', '/backend/operations'),
          page('Observe it', '/backend/observe'),
          page('Upgrades', '/backend/upgrades'),
          page('Scaling', '/backend/scaling'),
        ],
      },
      {
        text: 'Reference',
        items: [
          page('HTTP API', '/reference/api'),
          page('Headers', '/reference/headers'),
          page('Error codes', '/reference/error-codes'),
          page('Settings', '/reference/settings'),
          page('Metrics', '/reference/metrics'),
          page('Exported types', '/reference/types'),
          page('Figures', '/reference/figures'),
        ],
      },
      {
        text: 'Decisions',
        collapsed: true,
        items: [
          page('Postgres is the truth', '/adr/0001-postgres-is-the-truth'),
          page('A queue in every tab', '/adr/0002-queue-in-every-tab'),
          page('The key echo', '/adr/0003-key-echo'),
          page('Byte-identical replay', '/adr/0004-byte-identical-replay'),
          page('Native top layer', '/adr/0005-native-top-layer'),
          page('One owner of an SMS', '/adr/0006-one-owner-of-an-sms'),
          page('PGlite by default', '/adr/0007-pglite-by-default'),
          page('Broadcast from the database', '/adr/0008-broadcast-from-the-database'),
        ],
      },
      page('Glossary', '/glossary'),
    ],
  },
})
