import { defineConfig } from '@playwright/test'
import type { EngineName } from './drivers/Engine.js'

const engine = (engineName: EngineName) => ({ name: engineName, use: { engineName } })

/** What must hold in every engine: the queue in real tabs, and a journey a button. */
export default defineConfig<object, { engineName: EngineName }>({
  testDir: '..',
  testMatch: ['engines/*.engine.ts', 'tests/sync-core/tabs.browser.ts'],
  globalSetup: '../harness/prepareData.ts',
  outputDir: '../test-results/engines',
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: '../.results/engines.json' }]],
  projects: [engine('chromium'), engine('firefox'), engine('webkit')],
})
