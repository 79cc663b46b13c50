import { afterEach, expect, test } from '@jest/globals'
import { leadUpdateStatus } from '@org/contracts'
import { aLead } from '@org/contracts/testing'
import { connectRealtime } from '../../src/client/connectRealtime.js'
import type { SyncClientSettings } from '../../src/index.js'
import { Tabs } from '../../src/tabs/Tabs.js'
import { createSyncHarness, FakeBrowser, type SyncHarness } from '../../src/testing/index.js'
import { createRealtimeHarness } from './harness.js'

let world: SyncHarness
afterEach(() => world.close())

/** A Supabase client that notes which channels are asked for. */
function fakeSupabase(asked: string[]): SyncClientSettings['supabase'] {
  const channel = { state: 'closed', on: () => channel, subscribe: () => channel }
  const client = {
    realtime: { setAuth: async () => {} },
    channel: (name: string) => {
      asked.push(name)
      return channel
    },
    removeChannel: async () => 'ok',
  }
  return client as unknown as SyncClientSettings['supabase']
}

/** Loading code takes as long as it takes; the harness's clock stands still meanwhile. */
async function untilAsked(asked: string[]): Promise<void> {
  while (asked.length === 0) await world.settle()
}

test('Supabase is loaded and joined with the first watched table', async () => {
  const asked: string[] = []
  world = await createSyncHarness({ supabase: fakeSupabase(asked) })
  await world.advance(60_000)
  expect(asked).toEqual([])
  world.client.realtime.subscribe('leads', () => {})
  await untilAsked(asked)
  expect(asked).toEqual(['sync:leads:org-1'])
})

const ANA = { actor: 'user-456', tenant: 'org-1' }

test('no code is asked for before the server was reached: a browser would not ask again for what it could not load', async () => {
  const asked: string[] = []
  const loadRealtime = async () => {
    asked.push('realtime')
    return await import('../../src/client/connectRealtime.js')
  }
  world = await createSyncHarness({ offline: true, getIdentity: () => ANA, adapters: { loadRealtime } })
  world.client.realtime.subscribe('leads', () => {})
  await world.advance(120_000)
  expect([asked, world.client.realtime.getState('leads').state]).toEqual([[], 'offline'])
  await world.goOnline()
  while (world.client.realtime.getState('leads').state !== 'live') await world.advance(1_000)
  expect(asked).toEqual(['realtime'])
})

test('without the code of realtime a click works, rows come from answers and from the host, and tables are stale', async () => {
  let asked = 0
  const loadRealtime = async () => {
    asked += 1
    throw new TypeError('Failed to fetch dynamically imported module')
  }
  world = await createSyncHarness({ rows: { leads: [aLead({ id: 'lead-1' })] }, adapters: { loadRealtime } })
  world.client.realtime.subscribe('leads', () => {})
  world.client.ingest('leads', [aLead({ id: 'lead-2' })])
  const { id } = world.client.submit(leadUpdateStatus, { leadId: 'lead-1', status: 'contacted' })
  await world.advance(1_000)
  expect(world.client.getMutation(id)?.phase).toBe('success')
  expect(world.client.getRow('leads', 'lead-1')?.row.status).toBe('contacted')
  expect(world.client.getRow('leads', 'lead-2')).toBeDefined()
  expect(world.client.realtime.getState('leads').state).toBe('stale')
  await world.goOffline()
  await world.goOnline()
  await world.advance(600_000)
  const codes = world.telemetry.flatMap((event) => (event.type === 'diagnostic' ? [event.code] : []))
  expect([asked, codes]).toEqual([1, ['CHUNK_MISSING']])
})

test('without the code of Supabase changes are asked for instead, and it is told', async () => {
  const h = createRealtimeHarness()
  const codes: string[] = []
  const { clock, connectivity, store, server } = h
  const tab = new FakeBrowser().openTab()
  const report = (code: string) => codes.push(code)
  const service = await connectRealtime(
    {
      clock,
      connectivity,
      store,
      report,
      read: server.read,
      random: { uniform: () => 0, bytes: (length) => new Uint8Array(length) },
      settings: { supabase: fakeSupabase([]) },
      onEcho: () => {},
      tabs: new Tabs({ tabId: 'a', locks: tab.locks, clock, connectivity, openTabChannel: tab.openTabChannel, report }),
    },
    () => Promise.reject(new TypeError('Failed to fetch dynamically imported module')),
  )
  service.setUser(ANA)
  service.subscribe('leads', () => {})
  await clock.advance(0)
  expect([service.getState('leads').state, codes]).toEqual(['live', ['CHUNK_MISSING']])
  service.destroy()
  h.service.destroy()
  world = await createSyncHarness()
})
