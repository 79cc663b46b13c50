import { join } from 'node:path'
import { chromiumLaunch } from '@org/tooling/chromium'
import { storybookTest } from '@storybook/addon-vitest/vitest-plugin'
import react from '@vitejs/plugin-react'
import { playwright } from '@vitest/browser-playwright'
import { defaultClientConditions } from 'vite'
import { defineConfig } from 'vitest/config'
import { stylesForOlderBrowsers, stylesOfDefaultBuild } from './test/browser/stylesForOlderBrowsers.js'

const resolve = { conditions: ['@org/source', '@org/client', ...defaultClientConditions] }
const chromium = playwright({ launchOptions: chromiumLaunch() })
// Made anew for each suite: vitest writes the suite's name into the instances it is handed.
const inChromium = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: chromium,
  instances: [{ browser: 'chromium' as const }],
})

/** Two suites in one real browser: every story (its play function and axe), and what only a browser can show. */
export default defineConfig({
  test: {
    // One browser page at a time: focus belongs to one page alone.
    fileParallelism: false,
    reporters: ['default', 'json'],
    outputFile: { json: '.results/browser.json' },
    projects: [
      {
        plugins: [storybookTest({ configDir: join(import.meta.dirname, '.storybook') })],
        resolve,
        optimizeDeps: { include: optimized() },
        test: { name: 'stories', browser: inChromium() },
      },
      {
        plugins: [react()],
        resolve,
        optimizeDeps: { include: optimized() },
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.tsx'],
          browser: { ...inChromium(), commands: { stylesForOlderBrowsers, stylesOfDefaultBuild } },
        },
      },
    ],
  },
})

// Found out only while a test runs, they would make Vite reload the page under it.
function optimized(): string[] {
  return ['react', 'react-dom', 'react-dom/client', 'react/jsx-dev-runtime']
}
