import { chromiumLaunch } from '@org/tooling/chromium'
import { defineConfig } from '@playwright/test'

/** The buttons of the guide's page "Your own button"; the page with all of them is where `RECIPES_URL` says. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.recipes.ts',
  outputDir: '../test-results/recipes',
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 30_000,
  expect: { timeout: 5_000 },
  reporter: [['list'], ['json', { outputFile: '../.results/recipes.json' }]],
  use: { viewport: { width: 480, height: 480 }, launchOptions: chromiumLaunch(), baseURL: process.env.RECIPES_URL },
})
