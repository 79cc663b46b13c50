import { rm } from 'node:fs/promises'
import { type Api, apiOf } from '../harness/apiOf.js'
import { newDataDirectory } from '../harness/dataDirectory.js'
import { type RunningDemo, startDemo } from '../harness/startDemo.js'
import type { Tab } from './drivers/Engine.js'
import { test as base, expect } from './engineTest.js'
import { Gate } from './Gate.js'
import { attributeOf, countOf } from './onPage.js'

interface Dashboard {
  /** Opens ana's dashboard and waits until it hears of changes at once and would open without a server. */
  open(view?: string): Promise<Tab>
  leave(): void
  comeBack(): void
  /** What the server knows. */
  api: Api
}

/** The dashboard in the browser of a project's choice, on a demo with fresh seeds for each. */
export const test = base.extend<{ dashboard: Dashboard }, { demo: RunningDemo }>({
  demo: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the first parameter
    async ({}, use) => {
      const demo = await startDemo({ dataDirectory: await newDataDirectory() })
      await use(demo)
      await demo.stop()
      await rm(demo.dataDirectory, { recursive: true, force: true })
    },
    { scope: 'worker' },
  ],
  dashboard: async ({ demo, profile }, use) => {
    const gate = await Gate.open(demo.url)
    await use({
      async open(view = '') {
        const tab = await profile.openTab(`${gate.url}/${view}`)
        await untilReady(tab)
        return tab
      },
      leave: () => gate.leave(),
      comeBack: () => gate.comeBack(),
      api: await apiOf(demo.url, 'ana'),
    })
    await gate.close()
  },
})

async function untilReady(tab: Tab): Promise<void> {
  await expect.poll(() => countOf(tab, '[data-realtime="live"]')).toBe(1)
  await tab.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  await expect.poll(() => tab.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true)
}

/** Resolves when the button's state is one of those. */
export async function expectState(tab: Tab, selector: string, state: RegExp): Promise<void> {
  await expect.poll(() => attributeOf(tab, selector, 'data-state')).toMatch(state)
}

export { expect }
