import { afterEach, expect, test } from '@jest/globals'
import type { SyncClientSettings } from '../../src/index.js'
import { createSyncHarness, type SyncHarness } from '../../src/testing/index.js'

let world: SyncHarness
afterEach(() => world.close())

/** A Supabase client that notes which channels are asked for. */
function fakeSupabase(asked: string[]): SyncClientSettings['supabase'] {
  const channel = { on: () => channel, subscribe: () => channel }
  const client = {
    realtime: { setAuth: async () => {} },
    channel: (name: string) => {
      asked.push(name.replace(/:\d+$/, ''))
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
  expect(asked).toEqual(['sync:leads'])
})

test('it is not asked for before the server was reached: a browser would not ask again for code that it could not load', async () => {
  const asked: string[] = []
  // Loaded once already, so that only the network decides.
  await import('../../src/client/connectSupabase.js')
  world = await createSyncHarness({ supabase: fakeSupabase(asked) })
  await world.goOffline()
  world.client.realtime.subscribe('leads', () => {})
  await world.advance(120_000)
  expect([asked, world.client.realtime.getState('leads').state]).toEqual([[], 'offline'])
  await world.goOnline()
  await untilAsked(asked)
  expect(asked).toEqual(['sync:leads'])
})
