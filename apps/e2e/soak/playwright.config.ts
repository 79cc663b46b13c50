import { chromiumLaunch } from '@org/tooling/chromium'
import { defineConfig } from '@playwright/test'

/** Proves that the checker would see a fault: `npm run soak` begins with it. The soak itself has `long.config.ts`. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.browser.ts',
  globalSetup: '../harness/prepareData.ts',
  outputDir: '../test-results/soak',
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  reporter: [['list'], ['json', { outputFile: '../.results/soak.json' }]],
  use: { launchOptions: chromiumLaunch() },
})
