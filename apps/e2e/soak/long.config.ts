import { chromiumLaunch } from '@org/tooling/chromium'
import { defineConfig } from '@playwright/test'

// Drawn once, here: the test's name says it, and its own process must come to the same name.
process.env.SOAK_SEED ??= String(Date.now() % 1_000_000)

/** The long soak, on request: `npm run soak`. SOAK_MINUTES says how long people click, SOAK_SEED takes a seed again. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.long.ts',
  globalSetup: '../harness/prepareData.ts',
  outputDir: '../test-results/soak',
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 0,
  reporter: [['list']],
  use: { launchOptions: chromiumLaunch() },
})
