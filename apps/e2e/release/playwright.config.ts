import { defineConfig } from '@playwright/test'
import base from '../playwright.config.js'

/** Journeys that take long, or measure: one at a time, so that none measures another. */
export default defineConfig({
  ...base,
  projects: [{ testDir: 'journeys', testMatch: '*.release.ts' }],
  globalSetup: '../harness/prepareData.ts',
  workers: 1,
  timeout: 180_000,
  outputDir: '../test-results',
  reporter: [['list']],
})
