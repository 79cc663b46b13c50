import { aLead, anAppointment } from '@org/contracts/testing'
import { ChromiumProfile } from '../../engines/drivers/chromium.js'
import type { Profile, Tab } from '../../engines/drivers/Engine.js'
import { test as base, expect } from '../../engines/engineTest.js'
import { type ApiServer, startApi } from './apiServer.js'
import type { TestPage } from './page/main.js'
import { startPages } from './pageServer.js'

declare global {
  var page: TestPage
}

export interface World {
  server: ApiServer
  /** Opens one more tab and waits until it knows who is signed in. */
  openTab(options?: { speed?: number; profile?: Profile }): Promise<Tab>
  /** The network goes and comes; where a browser has no switch for it, the API alone. */
  setOnline(isOnline: boolean): Promise<void>
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
  world: async ({ profile, pages }, use) => {
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
        const tab = await (options.profile ?? profile).openTab(url(options))
        await untilSignedIn(tab)
        return tab
      },
      setOnline: async (isOnline) => {
        if (profile instanceof ChromiumProfile) await profile.context.setOffline(!isOnline)
        else server.isAway = !isOnline
      },
    })
    server.api.release()
    await server.close()
  },
})

/** Resolves when the page knows who is signed in. */
export async function untilSignedIn(tab: Tab): Promise<void> {
  await expect.poll(() => tab.evaluate(() => globalThis.page?.isSignedIn())).toBe(true)
}

export { expect }
