import type { Page } from '@playwright/test'
import { contextOf, pageOf } from './chromiumAlone.js'
import { expect, test } from './world.js'

const PATIENT = { timeout: 60_000 }

test('a captive portal answers everything with 200 and a page: nothing is lost, nothing counts as done', async ({ world }) => {
  const tab = pageOf(await world.openTab())
  world.server.isPortal = true
  const id = await tab.evaluate(() => page.status('lead-1', 'contacted'))
  await expect.poll(() => tab.evaluate((key) => page.client.getMutation(key)?.error?.code, id)).toBe('NO_ECHO')
  expect(await tab.evaluate(() => page.pending())).toBe(1)
  world.server.isPortal = false
  await expect.poll(() => tab.evaluate((key) => page.phase(key), id)).toBe('success')
  expect(world.server.api.effects).toEqual([id])
})

test('storage refused: the click is sent all the same, and the page warns before it goes away', async ({ profile, world }) => {
  await contextOf(profile).addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('storage is disabled', 'SecurityError')
    }
  })
  const tab = pageOf(await world.openTab())
  world.server.api.hold()
  const id = await tab.evaluate(() => page.status('lead-1', 'contacted'))
  await expect.poll(() => tab.evaluate((key) => page.client.getMutation(key)?.durability, id)).toBe('memory')
  await tab.mouse.click(5, 5)
  const warning = tab.waitForEvent('dialog')
  void tab.close({ runBeforeUnload: true })
  const dialog = await warning
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  world.server.api.release()
  await expect.poll(() => tab.evaluate((key) => page.phase(key), id)).toBe('success')
})

test('site data is cleared by another tab while a click waits: it is stored again at once, and sent once', async ({ world }) => {
  const tab = pageOf(await world.openTab())
  const other = pageOf(await world.openTab())
  world.server.api.stop()
  const id = await tab.evaluate(() => page.status('lead-1', 'contacted'))
  await expect.poll(() => tab.evaluate(() => page.stored())).toBe(1)
  await other.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name ?? '')
  })
  const found = (opened: typeof tab) =>
    opened.evaluate(() => page.telemetry.filter((event) => event.type === 'diagnostic' && event.code === 'STORAGE_LOST').length)
  // Both knew it; the first to look wrote it.
  await expect.poll(async () => (await found(tab)) + (await found(other))).toBe(1)
  for (const opened of [tab, other]) expect(await opened.evaluate(() => page.pending())).toBe(1)
  // It is on disk again: a tab that never knew it sends it. Who is signed in was cleared as well, so the server says it.
  await tab.close()
  await other.close()
  world.server.api.start()
  const third = pageOf(await world.openTab())
  await expect.poll(() => third.evaluate((key) => page.phase(key), id)).toBe('success')
  expect(world.server.api.effects).toEqual([id])
})

/** As the browser's own "clear site data" does: connections are closed by force, and what is stored is gone. */
async function clearSiteData(tab: Page): Promise<void> {
  const devtools = await tab.context().newCDPSession(tab)
  await devtools.send('Storage.clearDataForOrigin', { origin: new URL(tab.url()).origin, storageTypes: 'indexeddb' })
}

test('the browser clears site data while a click waits in the only tab: it is stored again, survives a reload, and is sent once', async ({
  world,
}) => {
  const tab = pageOf(await world.openTab())
  world.server.api.stop()
  const id = await tab.evaluate(() => page.status('lead-1', 'contacted'))
  await expect.poll(() => tab.evaluate(() => page.stored())).toBe(1)
  await clearSiteData(tab)
  const found = () => tab.evaluate(() => page.telemetry.flatMap((event) => (event.type === 'diagnostic' ? [event.code] : [])))
  await expect.poll(found).toContain('STORAGE_LOST')
  expect(await tab.evaluate(() => page.client.getConnectivity().durability)).toBe('disk')
  await tab.reload({ waitUntil: 'commit' })
  world.server.api.start()
  await tab.waitForFunction(() => globalThis.page?.isSignedIn())
  await expect.poll(() => tab.evaluate((key) => page.phase(key), id)).toBe('success')
  expect(world.server.api.effects).toEqual([id])
})

test('five hundred queued clicks survive a reload and reach the server once each', async ({ world }) => {
  const tab = pageOf(await world.openTab())
  world.server.api.stop()
  await tab.evaluate(() => {
    for (let index = 0; index < 500; index++) page.sms(`lead-${index % 20}`, `Message ${index}`)
  })
  await expect.poll(() => tab.evaluate(() => page.stored()), PATIENT).toBe(500)
  await tab.reload()
  await tab.waitForFunction(() => globalThis.page?.isSignedIn())
  world.server.api.start()
  await tab.evaluate(() => void page.client.syncQueue())
  await expect.poll(() => tab.evaluate(() => page.pending()), PATIENT).toBe(0)
  expect(world.server.api.effects).toHaveLength(500)
  expect(new Set(world.server.api.effects).size).toBe(500)
})

test('ten thousand queued clicks are all there after a reload, and each is sent once', async ({ world }) => {
  test.setTimeout(120_000)
  const tab = pageOf(await world.openTab())
  world.server.api.stop()
  await tab.evaluate(() => {
    for (let index = 0; index < 10_000; index++) page.sms(`lead-${index}`, `Message ${index}`)
  })
  await expect.poll(() => tab.evaluate(() => page.stored()), PATIENT).toBe(10_000)
  await tab.goto(`${world.url()}&instant`)
  await tab.waitForFunction(() => globalThis.page?.isSignedIn())
  await expect.poll(() => tab.evaluate(() => page.pending()), { ...PATIENT, intervals: [250] }).toBe(0)
  const answered = await tab.evaluate(() => page.answered)
  expect(new Set(answered).size).toBe(10_000)
  expect(answered).toHaveLength(10_000)
})
