import { chromiumLaunch } from '@org/tooling/chromium'
import { defineConfig } from '@playwright/test'

/** Our buttons inside the modals, menus and grids of others; the page is where `HOSTS_URL` says. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.hosts.ts',
  outputDir: '../test-results/hosts',
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 30_000,
  expect: { timeout: 5_000 },
  reporter: [['list'], ['json', { outputFile: '../.results/hosts.json' }]],
  use: { launchOptions: chromiumLaunch(), baseURL: process.env.HOSTS_URL },
})
