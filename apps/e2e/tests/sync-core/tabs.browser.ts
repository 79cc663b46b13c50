import type { Tab } from '../../engines/drivers/Engine.js'
import { expect, LEADS, test, untilSignedIn, type World } from './world.js'

const phase = (tab: Tab, id: string) => tab.evaluate((key) => page.phase(key), id)
const click = (tab: Tab, lead = 'lead-1', status: 'contacted' | 'qualified' = 'contacted') =>
  tab.evaluate(([leadId, to]) => page.status(leadId as string, to as 'contacted'), [lead, status])
const effectsOf = async (world: World, count: number) => {
  await expect.poll(() => world.server.api.effects.length).toBe(count)
  return world.server.api.effects
}

test('a click reaches a cross-origin API once, and its answer is readable', async ({ world }) => {
  const tab = await world.openTab()
  const id = await click(tab)
  await expect.poll(() => phase(tab, id)).toBe('success')
  expect(await effectsOf(world, 1)).toEqual([id])
  expect(await tab.evaluate(() => page.told)).toEqual(['success'])
})

test('two clicks offline, a reload, and the network back: both take effect once', async ({ world }) => {
  const tab = await world.openTab()
  await world.setOnline(false)
  const ids = [await click(tab), await tab.evaluate(() => page.confirm('apt-123'))]
  await expect.poll(() => tab.evaluate(() => page.stored())).toBe(2)
  // The page itself needs the network to load again; the API stays away.
  world.server.api.stop()
  await world.setOnline(true)
  await tab.reload()
  await untilSignedIn(tab)
  expect(await tab.evaluate(() => page.pending())).toBe(2)
  world.server.api.start()
  await tab.evaluate(() => page.client.syncQueue())
  expect((await effectsOf(world, 2)).toSorted()).toEqual(ids.toSorted())
  await expect.poll(() => tab.evaluate(() => page.pending())).toBe(0)
})

test('a reload in mid-flight replays the same key', async ({ world }) => {
  const tab = await world.openTab()
  world.server.api.hold()
  const id = await click(tab)
  await expect.poll(() => world.server.api.writes.length).toBe(1)
  world.server.api.release()
  await tab.reload()
  await untilSignedIn(tab)
  await expect.poll(() => phase(tab, id)).toBe('success')
  expect(await effectsOf(world, 1)).toEqual([id])
})

test('the sending tab is closed in mid-flight: another one finishes the click', async ({ world }) => {
  const [sender, other] = [await world.openTab(), await world.openTab()]
  world.server.api.hold()
  const id = await click(sender)
  await expect.poll(() => world.server.api.writes.length).toBe(1)
  await expect.poll(() => phase(other, id)).toBe('running')
  await sender.close()
  world.server.api.release()
  await expect.poll(() => phase(other, id)).toBe('success')
  expect(await effectsOf(world, 1)).toEqual([id])
})

test('the sending tab hangs: another one takes over, the click takes effect once', async ({ world }) => {
  const sender = await world.openTab()
  const other = await world.openTab({ speed: 12 })
  world.server.api.next('lost-response')
  world.server.api.hold()
  const id = await click(sender)
  await expect.poll(() => world.server.api.writes.length).toBe(1)
  await sender.evaluate(() => page.hang())
  world.server.api.release()
  await expect.poll(() => phase(other, id)).toBe('success')
  expect(await effectsOf(world, 1)).toEqual([id])
  // Chromium itself repeats a request whose connection was cut, so there may be more than two: all with one key.
  expect(new Set(world.server.api.writes.map(({ key }) => key))).toEqual(new Set([id]))
})

test('a tab that hangs while it retries loses its turn', async ({ world }) => {
  const sender = await world.openTab()
  // It may hang between two attempts or inside one: three seconds' grace, or 45 seconds of a faster clock.
  const other = await world.openTab({ speed: 12 })
  world.server.api.stop()
  const id = await click(sender)
  await expect.poll(() => phase(other, id)).toBe('retrying')
  await sender.evaluate(() => page.hang())
  world.server.api.start()
  await expect.poll(() => phase(other, id)).toBe('success')
  expect(await effectsOf(world, 1)).toEqual([id])
})

test('two tabs click the same on one lead at the same moment: one effect, one truth in both', async ({ world }) => {
  const tabs = [await world.openTab(), await world.openTab()] as const
  // On a busy machine one click could be carried out before the other is stored, and that one is no repetition then.
  world.server.api.hold()
  const ids = await Promise.all(tabs.map((tab) => click(tab)))
  const meant = () => Promise.all(tabs.map((tab, index) => tab.evaluate((key) => page.client.getMutation(key)?.id, ids[index]!)))
  await expect.poll(async () => new Set(await meant()).size).toBe(1)
  await expect.poll(() => world.server.api.writes.length).toBe(1)
  world.server.api.release()
  await expect.poll(() => phase(tabs[0], ids[0]!)).toBe('success')
  await expect.poll(() => phase(tabs[1], ids[1]!)).toBe('success')
  expect(await effectsOf(world, 1)).toHaveLength(1)
})

test('contacted, qualified, contacted offline from two tabs are three effects in order', async ({ world }) => {
  const [first, second] = [await world.openTab(), await world.openTab()]
  await world.setOnline(false)
  const ids: string[] = []
  for (const [tab, status] of [
    [first, 'contacted'],
    [second, 'qualified'],
    [first, 'contacted'],
  ] as const) {
    const id = await click(tab, 'lead-1', status)
    ids.push(id)
    // The other tab is told only once it is stored, which is what decides the order.
    for (const each of [first, second]) await expect.poll(() => phase(each, id)).toBeTruthy()
  }
  await world.setOnline(true)
  await first.evaluate(() => page.client.syncQueue())
  expect(await effectsOf(world, 3)).toEqual(ids)
})

test('ten tabs and twenty leads: every click once', async ({ world }) => {
  const tabs = await Promise.all(Array.from({ length: 10 }, () => world.openTab()))
  await Promise.all(tabs.flatMap((tab, index) => LEADS.slice(index * 2, index * 2 + 2).map((lead) => click(tab, lead))))
  await effectsOf(world, 20)
  for (const tab of tabs) await expect.poll(() => tab.evaluate(() => page.pending())).toBe(0)
  expect(new Set(world.server.api.effects).size).toBe(20)
})

test('a user switched in one tab is switched in all, and nothing of the former one is left to see', async ({ world }) => {
  const [first, second] = [await world.openTab(), await world.openTab()]
  world.server.api.stop()
  const id = await click(second)
  await expect.poll(() => phase(first, id)).toBeTruthy()
  world.server.api.user = { actor: 'eve', tenant: 'org-2' }
  world.server.api.start()
  await first.evaluate(() => page.client.refreshIdentity())
  await expect.poll(() => second.evaluate(() => page.client.getIdentity())).toMatchObject({ actor: 'eve' })
  expect(await second.evaluate(() => page.client.getQueue())).toEqual([])
  expect(world.server.api.effects).toEqual([])
})

test('a page that is left while it writes leaves its storage to the next one', async ({ world }) => {
  const tab = await world.openTab()
  world.server.api.stop()
  for (let visit = 0; visit < 8; visit++) {
    // More than one transaction, so that one is always open when the page goes.
    await tab.evaluate(() => {
      Object.assign(globalThis, { isFormer: true })
      for (let index = 0; index < 600; index++) page.sms(`lead-${index}`, 'Written while the page is left')
      page.reloadSoon()
    })
    const isFormer = () => tab.evaluate(() => 'isFormer' in globalThis).catch(() => true)
    await expect.poll(isFormer).toBe(false)
    await untilSignedIn(tab)
    const id = await click(tab, 'lead-1', visit % 2 === 0 ? 'contacted' : 'qualified')
    await expect.poll(() => tab.evaluate((key) => page.client.getMutation(key)?.durability, id)).toBe('disk')
    expect(await tab.evaluate(() => page.storageTroubles())).toEqual([])
  }
})
