import { findChromium } from '@org/tooling/chromium'
import { defineConfig } from '@playwright/test'

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

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
    launchOptions: { executablePath: findChromium() ?? '/usr/bin/chromium', args: ARGS },
    trace: 'retain-on-failure',
  },
})
