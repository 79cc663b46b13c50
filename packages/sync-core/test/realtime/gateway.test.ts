import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createSupabaseChangeSource } from '../../src/adapters/supabaseChangeSource.js'
import { RealtimeService } from '../../src/realtime/RealtimeService.js'
import type { RealtimeController, RowChangeEvent, TableState } from '../../src/realtime/RealtimeSyncService.js'
import { createRestSnapshot } from '../../src/realtime/snapshot.js'
import { createEntityStore } from '../../src/store/createEntityStore.js'
import type { EntityStore } from '../../src/store/EntityStore.js'
import { type FakeServer, fakeServer } from './fakeServer.js'
import { fastClock, openGateway, until } from './gatewayHarness.js'
import { ANA, fakeConnectivity } from './harness.js'

/** A minute of the service's life in 600 ms. */
const clock = fastClock(100)

let gateway: Awaited<ReturnType<typeof openGateway>>
let server: FakeServer
let store: EntityStore
let service: RealtimeController
let events: RowChangeEvent[]
let states: TableState[]

beforeEach(async () => {
  gateway = await openGateway()
  server = fakeServer()
  events = []
  states = []
  const report = () => {}
  store = createEntityStore({ report })
  const random = { uniform: Math.random, bytes: (length: number) => new Uint8Array(length) }
  service = new RealtimeService({
    source: createSupabaseChangeSource({ supabase: gateway.client(() => gateway.identity.issueToken({ user: 'ana' })), clock, random }),
    snapshot: createRestSnapshot({ read: server.read, store }),
    read: server.read,
    connectivity: fakeConnectivity(),
    store,
    clock,
    random,
    report,
  })
  service.setUser(ANA)
  service.subscribeState(() => states.push(service.getState('leads').state))
  service.subscribe('leads', (event) => events.push(event))
})

afterEach(() => gateway.close(() => service.destroy()))

const isLive = () => service.getState('leads').state === 'live'
const versionIn = (id: string) => store.getRow('leads', id)?.row.version

function write(id: string): void {
  gateway.publish('leads', server.write('leads', id))
}

function hasAll(): boolean {
  const rows = server.rows('leads')
  return store.getRows('leads').length === rows.length && rows.every(({ id, version }) => versionIn(id) === version)
}

describe('over the real client and the real wire', () => {
  test('pushes a change, an insertion and a deletion', async () => {
    await until(isLive)
    write('lead-1')
    write('lead-1')
    await until(() => events.length === 2)
    gateway.publish('leads', server.remove('leads', 'lead-1'), 3)
    await until(() => events.length === 3)
    expect(events.map(({ eventType, new: row, old }) => [eventType, row?.version, old])).toEqual([
      ['INSERT', 1, null],
      ['UPDATE', 2, { id: 'lead-1' }],
      ['DELETE', undefined, { id: 'lead-1' }],
    ])
    expect(service.getSubscriptions()[0]).toMatchObject({ staleDropped: 0, listeners: 1, state: 'live' })
  })

  test('misses nothing that is written while the connection is cut', async () => {
    await until(isLive)
    const before = states.length
    gateway.gateway.setFaults({ disconnect: true })
    await until(() => states.slice(before).includes('syncing'))
    write('lead-1')
    await until(() => isLive() && hasAll())
    expect(events).toHaveLength(1)
  })

  test('polls while nobody can connect', async () => {
    await until(isLive)
    gateway.gateway.setFaults({ down: true })
    await until(() => states.includes('stale'))
    write('lead-1')
    await until(() => versionIn('lead-1') === 1)
    gateway.gateway.setFaults({})
    await until(isLive)
  })

  test('repairs changes that the feed drops or swallows, within a minute', async () => {
    await until(isLive)
    gateway.gateway.setFaults({ dropRate: 1 })
    write('lead-1')
    await until(hasAll)
    gateway.gateway.setFaults({ silent: true })
    write('lead-2')
    await until(hasAll)
    expect(service.getSubscriptions()[0]).toMatchObject({ gapsRepaired: 2, received: 2 })
    expect(events).toHaveLength(2)
  })

  test('tells a change once, although the feed brings it after the catch-up did', async () => {
    await until(isLive)
    gateway.gateway.setFaults({ delayMs: 50 })
    write('lead-1')
    service.refreshAuth()
    await until(() => service.getSubscriptions()[0]?.duplicates === 1)
    expect(events).toHaveLength(1)
  })

  test('is live again after its token expired and after the server was away', async () => {
    await until(isLive)
    gateway.gateway.setFaults({ expireTokens: true })
    await until(() => states.includes('stale'))
    write('lead-1')
    await until(() => isLive() && hasAll())
    gateway.gateway.setFaults({ down: true })
    await until(() => !isLive())
    write('lead-2')
    gateway.gateway.setFaults({})
    await until(() => isLive() && hasAll())
    write('lead-3')
    await until(() => events.length === 3)
  })

  test('a storm of faults and writes ends with every row and every event', async () => {
    await until(isLive)
    const faults = [{ dropRate: 0.5 }, { disconnect: true }, { expireTokens: true }, { delayMs: 20 }, { silent: true }, { down: true }, {}]
    for (let round = 0; round < 40; round += 1) {
      gateway.gateway.setFaults(faults[Math.floor(Math.random() * faults.length)])
      const id = `lead-${round % 7}`
      if (round % 11 === 10 && server.row('leads', id)) gateway.publish('leads', server.remove('leads', id), 0)
      else write(id)
      if (round % 3 === 0) await new Promise((resolve) => setImmediate(resolve))
      if (round % 10 === 9) await until(() => service.getState('leads').lastSyncedAt !== null)
    }
    gateway.gateway.setFaults({})
    await until(() => isLive() && hasAll())
    const replica = new Map<string, number>()
    for (const { new: row, old } of events) {
      if (row) replica.set(row.id, row.version)
      else replica.delete(old!.id)
    }
    expect(Object.fromEntries(replica)).toEqual(Object.fromEntries(server.rows('leads').map(({ id, version }) => [id, version])))
  })
})
