import { afterEach, expect, test } from '@jest/globals'
import { ACTIONS, leadUpdateStatus } from '@org/contracts/client'
import { aLead } from '@org/contracts/testing'
import type { LoadActions } from '../src/client/KnownActions.js'
import { createSyncHarness, type SyncHarness } from '../src/testing/index.js'

let world: SyncHarness
afterEach(() => world.close())

/** A page that has no button of its own; a click of another one of this origin is stored. */
async function aStoredClick(loadActions: LoadActions): Promise<{ id: string; asked: number[] }> {
  const asked: number[] = []
  const load: LoadActions = () => {
    asked.push(world.clock.now())
    return loadActions()
  }
  const rows = { leads: [aLead({ status: 'new' })] }
  world = await createSyncHarness({ rows, actions: [], adapters: { loadActions: load } })
  await world.goOffline()
  const { id } = world.client.submit(leadUpdateStatus, { leadId: 'lead-123', status: 'contacted' })
  await world.settle()
  await world.reload()
  await world.advance(60_000)
  return { id, asked }
}

const codes = () => world.telemetry.flatMap((event) => (event.type === 'diagnostic' ? [event.code] : []))
const statusShown = () => world.client.getRow('leads', 'lead-123')?.row.status

test('a stored click is sent by a page without its button: the action is loaded once, when the server is reached', async () => {
  const { id, asked } = await aStoredClick(async () => ({ ACTIONS }))
  expect([asked, world.client.getMutation(id)?.phase, world.client.getConnectivity().pendingCount]).toEqual([[], 'queued', 1])
  world.server.hold()
  await world.goOnline()
  await world.advance(5_000)
  world.server.release()
  await world.settle()
  await world.advance(5_000)
  expect(world.client.getMutation(id)?.phase).toBe('success')
  expect(world.server.effects).toEqual([id])
  expect([asked.length, codes()]).toEqual([1, []])
  await world.reload()
  await world.advance(60_000)
  expect(asked).toHaveLength(1)
})

test('where it cannot be loaded the click waits and says so; a button that brings its action shows and sends it', async () => {
  const { id } = await aStoredClick(() => Promise.reject(new TypeError('Failed to fetch dynamically imported module')))
  await world.goOnline()
  await world.advance(60_000)
  expect([codes(), world.server.writes, world.client.getConnectivity().pendingCount]).toEqual([['UNKNOWN_ACTION'], [], 1])
  expect(statusShown()).toBeUndefined()
  expect(await world.client.cancel('not-there')).toBe('already-done')
  await world.goOffline()
  world.client.learn?.(leadUpdateStatus)
  expect(statusShown()).toBe('contacted')
  await world.goOnline()
  await world.advance(5_000)
  expect(world.server.effects).toEqual([id])
})

test('a click that may have arrived, of an action that nobody here knows, is not taken back: its answer could not be read', async () => {
  const { id } = await aStoredClick(async () => ({ ACTIONS: [] }))
  const other = await world.openTab({ actions: ACTIONS })
  world.server.next('lost-response')
  await world.goOnline()
  while (world.server.effects.length === 0) await world.advance(100)
  await world.crash(other)
  await world.settle()
  expect(await world.client.cancel(id)).toBe('unreachable')
  expect(world.client.getMutation(id)).toMatchObject({ settled: false, ambiguous: true })
})
