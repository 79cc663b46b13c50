import { chromiumLaunch } from '@org/tooling/chromium'
import { defineConfig } from '@playwright/test'

/** Everything in a real Chromium, in one run, so that no worker waits for the end of another kind (`--project=tabs`: one kind alone). */
export default defineConfig({
  projects: [
    { name: 'journeys', testDir: 'journeys', testMatch: '*.journey.ts' },
    // The queue in real tabs: real IndexedDB, Web Locks, BroadcastChannel and a cross-origin API.
    { name: 'tabs', testDir: 'tests/sync-core', testMatch: '*.browser.ts' },
    // A button that cannot work yet, on a page with the real client: what it says to a person and to a developer.
    { name: 'not-ready', testDir: 'tests/not-ready', testMatch: '*.browser.ts' },
  ],
  globalSetup: './harness/prepareData.ts',
  outputDir: 'test-results',
  // Three files at a time, each with a demo or a server of its own: they wait for most of their time, and are the last to end.
  workers: 3,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: '.results/playwright.json' }]],
  use: {
    viewport: { width: 1280, height: 900 },
    launchOptions: chromiumLaunch(),
    // A trace would cost a third of all: `--trace on` makes one of what failed. The error context holds what the page said.
    screenshot: 'only-on-failure',
  },
})
