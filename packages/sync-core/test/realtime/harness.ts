import type { User } from '../../src/identity/scopeName.js'
import type { ChangeSource, FeedHandlers, FeedStatus } from '../../src/ports/ChangeSource.js'
import type { ConnectivityEvent } from '../../src/ports/Connectivity.js'
import type { TelemetryEvent } from '../../src/ports/Telemetry.js'
import { type RealtimeOptions, RealtimeService } from '../../src/realtime/RealtimeService.js'
import { createRestSnapshot } from '../../src/realtime/snapshot.js'
import { createEntityStore } from '../../src/store/createEntityStore.js'
import { createReport } from '../../src/telemetry/report.js'
import { fakeClock } from '../../src/testing/fakeClock.js'
import { fakeServer } from './fakeServer.js'

export const ANA: User = { actor: 'user-456', tenant: 'org-1' }
export const EVE: User = { actor: 'user-999', tenant: 'org-2' }

export interface FakeSource extends ChangeSource {
  /** Joins and leaves in order, for example "join leads". */
  readonly calls: string[]
  isJoined(table: string): boolean
  status(table: string, ...statuses: readonly FeedStatus[]): void
  push(table: string, change: unknown): void
  refreshes: number
}

/** A feed that says and pushes what the test tells it to. */
export function fakeSource(): FakeSource {
  const feeds = new Map<string, FeedHandlers>()
  const source: FakeSource = {
    calls: [],
    refreshes: 0,
    isJoined: (table) => feeds.has(table),
    status: (table, ...statuses) => {
      for (const status of statuses) feeds.get(table)?.onStatus(status)
    },
    push: (table, change) => feeds.get(table)?.onChange(change),
    join: (table, handlers) => {
      if (feeds.has(table)) throw new Error(`"${table}" was joined twice`)
      source.calls.push(`join ${table}`)
      feeds.set(table, handlers)
      return () => {
        source.calls.push(`leave ${table}`)
        feeds.delete(table)
      }
    },
    refreshAuth: () => {
      source.refreshes += 1
      return Promise.resolve()
    },
    close: () => feeds.clear(),
  }
  return source
}

export function fakeConnectivity() {
  const listeners = new Set<(event: ConnectivityEvent) => void>()
  const state = { online: true, visible: true }
  return {
    isOnline: () => state.online,
    isVisible: () => state.visible,
    subscribe: (listener: (event: ConnectivityEvent) => void) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    emit: (event: ConnectivityEvent) => {
      if (event === 'online' || event === 'offline') state.online = event === 'online'
      if (event === 'visible' || event === 'hidden') state.visible = event === 'visible'
      for (const listener of listeners) listener(event)
    },
  }
}

/** A whole realtime side over fakes; ana's unless `user` says otherwise. */
export function createRealtimeHarness(overrides: Partial<RealtimeOptions> & { user?: User | null } = {}) {
  const clock = fakeClock()
  const server = fakeServer()
  const source = fakeSource()
  const connectivity = fakeConnectivity()
  const telemetry: TelemetryEvent[] = []
  const echoes: string[] = []
  const report = createReport({ telemetry: (event) => telemetry.push(event), clock, explain: async (code) => code })
  const store = createEntityStore({ report })
  const service = new RealtimeService({
    source,
    store,
    clock,
    connectivity,
    report,
    read: server.read,
    snapshot: createRestSnapshot({ read: server.read, store }),
    random: { uniform: () => 0, bytes: (length) => new Uint8Array(length) },
    onEcho: (key, from) => echoes.push(`${key} ${from}`),
    ...overrides,
  })
  service.setUser(overrides.user === undefined ? ANA : overrides.user)
  return {
    clock,
    server,
    source,
    connectivity,
    store,
    service,
    echoes,
    /** Lets time pass in small steps until `holds`, at most two minutes. */
    until: async (holds: () => boolean) => {
      for (let step = 0; step < 480 && !holds(); step += 1) await clock.advance(250)
      if (!holds()) throw new Error('two minutes passed and it still does not hold')
    },
    codes: () => telemetry.flatMap((event) => (event.type === 'diagnostic' ? [event.code] : [])),
    state: (table: string) => service.getState(table).state,
    info: (table: string) => service.getSubscriptions().find(({ key }) => key === table),
  }
}
