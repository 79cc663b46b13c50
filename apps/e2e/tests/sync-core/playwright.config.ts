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
  use: { launchOptions: { executablePath: findChromium() ?? '/usr/bin/chromium', args: ARGS } },
})
