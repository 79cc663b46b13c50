import { aLead, anAppointment } from '@org/contracts/testing'
import { type BrowserContext, test as base, type Page } from '@playwright/test'
import { type ApiServer, startApi } from './apiServer.js'
import type { TestPage } from './page/main.js'
import { startPages } from './pageServer.js'

declare global {
  var page: TestPage
}

export interface World {
  server: ApiServer
  /** Opens one more tab and waits until it knows who is signed in. */
  openTab(options?: { speed?: number; context?: BrowserContext }): Promise<Page>
  url(options?: { speed?: number }): string
}

export const LEADS = Array.from({ length: 20 }, (_, index) => `lead-${index}`)

export const test = base.extend<{ world: World }, { pages: { url: string } }>({
  pages: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the first parameter
    async ({}, use) => {
      const pages = await startPages()
      await use(pages)
      await pages.close()
    },
    { scope: 'worker' },
  ],
  world: async ({ context, pages }, use) => {
    const server = await startApi()
    server.api.seed(
      'leads',
      LEADS.map((id) => aLead({ id })),
    )
    server.api.seed('appointments', [anAppointment()])
    const url = ({ speed }: { speed?: number } = {}) =>
      `${pages.url}/?api=${encodeURIComponent(server.url)}${speed === undefined ? '' : `&speed=${speed}`}`
    await use({
      server,
      url,
      openTab: async (options = {}) => {
        const tab = await (options.context ?? context).newPage()
        await tab.goto(url(options))
        await tab.waitForFunction(() => globalThis.page?.isSignedIn())
        return tab
      },
    })
    server.api.release()
    await server.close()
  },
})

export { expect } from '@playwright/test'
