import { defineConfig } from '@playwright/test'

/** The queue in real tabs: real IndexedDB, Web Locks, BroadcastChannel and a cross-origin API. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.browser.ts',
  outputDir: '../../test-results/sync-core',
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: '../../.results/sync-core.json' }]],
})
