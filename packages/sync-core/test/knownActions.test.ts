import { afterEach, expect, test } from '@jest/globals'
import { type AnyAction, leadUpdateStatus } from '@org/contracts/client'
import { aLead } from '@org/contracts/testing'
import { createSyncHarness, type SyncHarness } from '../src/testing/index.js'

let world: SyncHarness
afterEach(() => world.close())

/** An action of a team's own, which a page knows only from its button. */
const archive: AnyAction = { ...leadUpdateStatus, name: 'lead.archive' }

/** A click of another page of this origin is stored; this page has no button for it, and no network. */
async function aStoredClick(action: AnyAction): Promise<string> {
  world = await createSyncHarness({ rows: { leads: [aLead({ status: 'new' })] } })
  await world.goOffline()
  const { id } = world.client.submit(action, { leadId: 'lead-123', status: 'contacted' })
  await world.settle()
  await world.reload()
  await world.advance(60_000)
  return id
}

const codes = () => world.telemetry.flatMap((event) => (event.type === 'diagnostic' ? [event.code] : []))
const statusShown = () => world.client.getRow('leads', 'lead-123')?.row.status

test('a stored click of a built-in button is shown offline and sent later by a page without that button', async () => {
  const id = await aStoredClick(leadUpdateStatus)
  expect([world.client.getMutation(id)?.phase, statusShown()]).toEqual(['queued', 'contacted'])
  await world.goOnline()
  await world.advance(5_000)
  expect([world.client.getMutation(id)?.phase, world.server.effects, codes()]).toEqual(['success', [id], []])
})

test("a stored click of a team's own action waits and says so; the button that brings its action shows and sends it", async () => {
  const id = await aStoredClick(archive)
  await world.goOnline()
  await world.advance(60_000)
  expect([codes(), world.server.writes, world.client.getConnectivity().pendingCount]).toEqual([['UNKNOWN_ACTION'], [], 1])
  expect(await world.client.cancel('not-there')).toBe('already-done')
  await world.goOffline()
  world.client.learn?.(archive)
  expect(statusShown()).toBe('contacted')
  await world.goOnline()
  await world.advance(5_000)
  expect(world.server.effects).toEqual([id])
})

test('a click that may have arrived, of an action that nobody here knows, is not taken back: its answer could not be read', async () => {
  const id = await aStoredClick(archive)
  const other = await world.openTab({ actions: [archive] })
  world.server.next('lost-response')
  await world.goOnline()
  while (world.server.effects.length === 0) await world.advance(100)
  await world.crash(other)
  await world.settle()
  expect(await world.client.cancel(id)).toBe('unreachable')
  expect(world.client.getMutation(id)).toMatchObject({ settled: false, ambiguous: true })
})
