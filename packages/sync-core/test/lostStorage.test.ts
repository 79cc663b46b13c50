import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { leadBulkUpdateStatus, leadUpdateStatus } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import { createSyncHarness, type HarnessTab, type SyncHarness } from '../src/testing/index.js'

const ids = Array.from({ length: 250 }, (_, index) => `lead-${index}`)
let world: SyncHarness
beforeEach(async () => {
  world = await createSyncHarness({ rows: { leads: ids.map((id) => aLead({ id })) } })
})
afterEach(() => world.close())

const mark = ({ client }: Pick<HarnessTab, 'client'>, status: 'contacted' | 'qualified') =>
  client.submit(leadUpdateStatus, { leadId: 'lead-0', status })
const queueDatabase = () => [...world.browser.databases].find(([name]) => !name.includes('origin'))![1]
const stored = () => [...queueDatabase()].flatMap(([key, value]) => (key === 'meta' ? [] : [value]))
const diagnostics = ({ telemetry }: HarnessTab) => telemetry.flatMap((event) => (event.type === 'diagnostic' ? [event.code] : []))
/** Site data is cleared, and every tab has looked at its queue since. */
const clearStorage = async () => {
  await world.advance(1)
  queueDatabase().clear()
  await world.advance(16_000)
}
/** Messages to this tab are lost, as those to a page kept for going back. */
const deafen = ({ tab }: HarnessTab) => {
  tab.receive = () => {}
}

test('a click that waits is stored again, and takes effect once', async () => {
  await world.goOffline()
  const { id } = mark(world, 'contacted')
  await world.settle()
  await clearStorage()
  expect(stored()).toMatchObject([{ id, state: 'queued' }])
  expect(world.client.getMutation(id)?.phase).toBe('queued')
  expect(world.client.getConnectivity()).toMatchObject({ pendingCount: 1, durability: 'disk' })
  expect(diagnostics(world)).toEqual(['STORAGE_LOST'])
  await world.reload()
  await world.goOnline()
  await world.advance(10_000)
  expect(world.server.effects).toEqual([id])
  expect(world.client.getMutation(id)?.phase).toBe('success')
})

test('two tabs that know it write it once, and both go on showing it', async () => {
  const other = await world.openTab()
  await world.goOffline()
  const { id } = mark(world, 'contacted')
  await world.settle()
  await clearStorage()
  expect([...diagnostics(world), ...diagnostics(other)]).toEqual(['STORAGE_LOST'])
  for (const { client } of [world, other]) expect(client.getConnectivity().pendingCount).toBe(1)
  await world.goOnline()
  await world.advance(10_000)
  expect(world.server.effects).toEqual([id])
  for (const { client } of [world, other]) expect(client.getQueue()).toEqual([])
})

test('what waited comes before what a new tab clicked meanwhile', async () => {
  await world.goOffline()
  const first = mark(world, 'contacted')
  await world.advance(1)
  queueDatabase().clear()
  await world.advance(1)
  const other = await world.openTab()
  const second = mark(other, 'qualified')
  await world.advance(16_000)
  await world.goOnline()
  await world.advance(10_000)
  expect(world.server.effects).toEqual([first.id, second.id])
})

test('an answer on its way ends the click as ever', async () => {
  world.server.hold()
  const { id } = mark(world, 'contacted')
  await world.advance(1)
  queueDatabase().clear()
  world.server.release()
  await world.advance(1_000)
  expect(world.client.getMutation(id)?.phase).toBe('success')
  expect(world.server.writes).toHaveLength(1)
  expect(world.client.getQueue()).toEqual([])
})

test('one that another tab sent, unheard, gets the answer that stands and no second effect', async () => {
  const other = await world.openTab()
  await world.goOffline()
  const { id } = mark(world, 'contacted')
  await world.settle()
  deafen(world)

  await world.goOnline()
  await world.advance(10_000)
  await world.crash(other)
  await clearStorage()
  await world.advance(10_000)
  expect(world.server.effects).toEqual([id])
  expect(world.client.getMutation(id)?.phase ?? 'success').toBe('success')
})

test('one that another tab took back, unheard, stays taken back', async () => {
  const other = await world.openTab()
  await world.goOffline()
  const { id } = mark(world, 'contacted')
  await world.settle()
  deafen(world)
  expect(await other.client.cancel(id)).toBe('cancelled')
  await clearStorage()
  await world.goOnline()
  await world.advance(10_000)
  expect(world.server.effects).toEqual([])
  expect(world.client.getQueue()).toEqual([])
})

test('a bulk click comes back with the parts that had ended', async () => {
  world.server.next({ status: 200, body: undefined, echo: false })
  const { id } = world.client.submit(leadBulkUpdateStatus, { leadIds: ids, status: 'contacted' })
  await world.settle()
  await world.goOffline()
  expect(world.client.getMutation(id)?.progress).toMatchObject({ processed: 50 })
  await clearStorage()
  expect(world.client.getMutation(id)?.progress).toMatchObject({ processed: 50, total: 250 })
  await world.goOnline()
  await world.advance(10_000)
  expect(world.client.getMutation(id)).toMatchObject({ phase: 'success', data: { updated: 250 } })
})

test('what a person gave up when signing out is not stored again', async () => {
  await world.goOffline()
  mark(world, 'contacted')
  await world.settle()
  await world.client.signOut({ mode: 'discard' })
  await clearStorage()
  expect(stored()).toEqual([])
})

test('what had ended is forgotten, and nothing is reported', async () => {
  await mark(world, 'contacted').settled
  await clearStorage()
  expect(stored()).toEqual([])
  expect(diagnostics(world)).toEqual([])
})
