import { rm } from 'node:fs/promises'
import { test as base, type Page } from '@playwright/test'
import type { UserName } from './apiOf.js'
import { newDataDirectory } from './dataDirectory.js'
import { type RunningDemo, START_MS, startDemo } from './startDemo.js'

interface Journey {
  /** Opens the dashboard in a browser profile of its own, signed in as `user`. */
  openAs: (user: UserName, hash?: string) => Promise<Page>
}

interface Started {
  /** Set once a file (`test.use({ file: import.meta.url })`): files then never share a demo. */
  file: string
  /** How many leads there shall be. 0: those of the seeds. */
  leads: number
  /** Settings of the demo beside its usual ones. */
  environment: Record<string, string>
  /** A demo with fresh seeds, shared by the journeys of one file; each takes its own rows. */
  demo: RunningDemo
}

/** Playwright's test with a running demo and signed-in pages. */
export const test = base.extend<Journey, Started>({
  file: ['', { option: true, scope: 'worker' }],
  leads: [0, { option: true, scope: 'worker' }],
  environment: [{}, { option: true, scope: 'worker' }],
  demo: [
    async ({ leads, environment }, use) => {
      const demo = await startDemo({ dataDirectory: await newDataDirectory(), args: ['--leads', String(leads)], env: environment })
      await use(demo)
      await demo.stop()
      await rm(demo.dataDirectory, { recursive: true, force: true })
    },
    // More than what a start may take at most, so that it is the start that says why it failed.
    { scope: 'worker', timeout: 2 * START_MS },
  ],
  openAs: async ({ browser, demo }, use) => {
    const contexts: { close(): Promise<void> }[] = []
    await use(async (user, hash = '') => {
      const context = await browser.newContext()
      contexts.push(context)
      await context.addInitScript((name) => {
        // Only at the first load: a switch of the user must outlive a reload.
        if (!sessionStorage.getItem('session:user')) sessionStorage.setItem('session:user', name)
      }, user)
      const page = await context.newPage()
      await page.goto(`${demo.url}/${hash}`)
      return page
    })
    for (const context of contexts) await context.close()
  },
})

export { expect } from '@playwright/test'
