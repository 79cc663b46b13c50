import { chromiumLaunch } from '@org/tooling/chromium'
import { defineConfig } from '@playwright/test'

/** A button that cannot work yet, on a page with the real client: what it says to a person and to a developer. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.browser.ts',
  outputDir: '../../test-results/not-ready',
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: '../../.results/not-ready.json' }]],
  use: { launchOptions: chromiumLaunch() },
})
