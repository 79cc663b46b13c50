import { chromiumLaunch } from '@org/tooling/chromium'
import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'journeys',
  testMatch: '*.journey.ts',
  globalSetup: './harness/prepareData.ts',
  outputDir: 'test-results',
  // Three files at a time, each with a demo of its own, on two cores: a journey waits more than it works.
  workers: 3,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: '.results/playwright.json' }]],
  use: {
    viewport: { width: 1280, height: 900 },
    launchOptions: chromiumLaunch(),
    // A trace would cost a third of all: `--trace on` makes one of a journey that failed. Its error context holds what the page said.
    screenshot: 'only-on-failure',
  },
})
