import { chromiumLaunch } from '@org/tooling/chromium'
import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'journeys',
  testMatch: '*.journey.ts',
  globalSetup: './harness/prepareData.ts',
  outputDir: 'test-results',
  // One demo and one browser at a time: on two cores a second pair would only make both slow.
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: '.results/playwright.json' }]],
  use: {
    viewport: { width: 1280, height: 900 },
    launchOptions: chromiumLaunch(),
    trace: 'retain-on-failure',
  },
})
