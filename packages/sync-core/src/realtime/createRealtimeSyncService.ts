import type { ChangeSource } from '../ports/ChangeSource.js'
import type { Clock } from '../ports/Clock.js'
import type { Connectivity, ConnectivityEvent } from '../ports/Connectivity.js'
import type { Random } from '../ports/Random.js'
import type { EntityStore } from '../store/EntityStore.js'
import { createListeners } from '../store/listeners.js'
import type { Report } from '../telemetry/report.js'
import { type CatchUpResult, createCatchUp, type Read } from './catchUp.js'
import type { RealtimeController } from './RealtimeSyncService.js'
import type { Change } from './readChange.js'
import { createPageReader } from './readPage.js'
import { createRowReader } from './rowReader.js'
import { nextCatchUpDelay } from './schedule.js'
import type { SnapshotLoader } from './snapshot.js'
import { createTableChannel, type TableChannel } from './tableChannel.js'
import { needsPolling } from './tableState.js'

export interface RealtimeOptions {
  source: ChangeSource
  store: EntityStore
  read: Read
  /** How all rows of a table are read; `createRestSnapshot` for this API's lists. */
  snapshot: SnapshotLoader
  clock: Clock
  random: Random
  connectivity: Connectivity
  report: Report
  /** A committed change of this mutation was seen for the first time. */
  onEcho?: (mutationKey: string, source: 'realtime' | 'catch-up') => void
}

/**
 * Keeps the store equal to the server's rows, without gaps, over a feed that loses changes: every table is
 * joined first, then the change log's cursor and the rows are read, and the log again whenever changes
 * begin to flow, the page returns, something looks incomplete, or half a minute has passed.
 */
export function createRealtimeSyncService(options: RealtimeOptions): RealtimeController {
  const { source, store, clock, random, connectivity, report } = options
  const channels = new Map<string, TableChannel>()
  const stateListeners = createListeners(report)
  const readPage = createPageReader({ report, isWatched: (table) => channels.has(table) })
  const catchUp = createCatchUp({ read: options.read, report, apply: applyPage })
  const rows = createRowReader({ store, report, snapshot: options.snapshot })
  const stopListening = connectivity.subscribe(onConnectivity)
  let scope: string | null = null
  let life = new AbortController()
  let failures = 0
  let expecting = false
  let cancelTimer = () => {}

  const joined = () => [...channels.values()].filter((channel) => channel.isJoined())

  function channelOf(table: string): TableChannel {
    let channel = channels.get(table)
    if (!channel) {
      channel = createTableChannel({
        table,
        source,
        clock,
        report,
        apply: (changes) => absorb(changes, 'realtime'),
        onSyncNeeded: () => void sync(),
        onPaceChanged: reschedule,
        onStateChanged: () => stateListeners.run(''),
      })
      channels.set(table, channel)
    }
    return channel
  }

  /** One step: the store first, so that whoever is told finds the new row there. */
  function absorb(changes: readonly Change[], from: 'realtime' | 'catch-up'): void {
    const own = life
    store.applyChanges(changes.map(({ state }) => state))
    for (const change of changes) {
      // A subscriber may sign the user out; nobody is told the rest then.
      if (own !== life) return
      const channel = channels.get(change.state.table)
      const outcome = channel?.delivery.deliver(change) ?? 'applied'
      channel?.count(outcome, from)
      if (outcome === 'applied' && change.state.mutationKey !== null) options.onEcho?.(change.state.mutationKey, from)
    }
  }

  function applyPage(wires: readonly unknown[]): void {
    absorb(readPage(wires), 'catch-up')
  }

  /** Reads the log to its end and tells each table what that means for it. Never rejects. */
  async function sync(): Promise<void> {
    const asking = joined()
    if (scope === null || asking.length === 0) return
    const own = life
    const mark = store.mark()
    const began = asking.map((channel) => ({ channel, flow: channel.flow() }))
    const wasOffline = !connectivity.isOnline()
    const result = await catchUp.run()
    if (own !== life) return
    if (result.kind === 'caught-up') {
      // The platform said offline, and the server answered: the server is right.
      if (wasOffline) for (const channel of asking) channel.signal({ type: 'online', online: true })
      store.settleAcknowledged(mark)
      onCaughtUp(result, began)
    } else if (result.kind === 'gone') onGone(result.newEpoch)
    else if (result.kind === 'failed') onFailed(result.reason)
    reschedule()
  }

  function onCaughtUp({ horizonLagMs, first }: Extract<CatchUpResult, { kind: 'caught-up' }>, began: readonly Began[]): void {
    if (!first) failures = 0
    // What was committed behind a transaction that is still open will be in the log soon.
    expecting = horizonLagMs > 0
    for (const { channel, flow } of began) {
      if (!channel.isJoined()) continue
      const coverage = rows.coverage(channel.table)
      if (coverage) {
        channel.caughtUp(flow, { horizonLagMs, ...coverage })
        if (!expecting && channel.hints.review()) rows.readAgain(channel.table)
      }
      if (!rows.coverage(channel.table)) void readRows(channel)
    }
  }

  async function readRows(channel: TableChannel): Promise<void> {
    const own = life
    const outcome = await rows.read(channel.table, channel.delivery, life.signal)
    if (own !== life || outcome === 'busy') return
    if (outcome === 'read') return sync()
    failures += 1
    channel.signal({ type: 'catch-up-failed', reason: 'server' })
    reschedule()
  }

  function onGone(newEpoch: boolean): void {
    failures += 1
    rows.readAgain()
    if (newEpoch) store.dropBase()
    for (const channel of channels.values()) {
      if (newEpoch) channel.delivery.forgetVersions()
      channel.signal({ type: 'refetch' })
    }
    // Once at once; servers that disagree about the epoch must not make this a tight loop.
    if (failures === 1) void sync()
  }

  function onFailed(reason: Extract<CatchUpResult, { kind: 'failed' }>['reason']): void {
    failures += 1
    if (reason === 'denied') {
      store.dropBase()
      rows.readAgain()
    }
    for (const channel of joined()) channel.signal({ type: 'catch-up-failed', reason })
  }

  function reschedule(): void {
    cancelTimer()
    const asking = joined()
    if (scope === null || asking.length === 0) return
    const polling = asking.some((channel) => needsPolling(channel.facts()))
    const delay = nextCatchUpDelay(
      {
        polling,
        expecting,
        visible: connectivity.isVisible(),
        online: connectivity.isOnline(),
        failures,
      },
      random.uniform(),
    )
    cancelTimer = clock.setTimer(() => {
      // A source whose token was set by hand refreshes it nowhere else.
      if (!polling) void source.refreshAuth()
      void sync()
    }, delay)
  }

  function onConnectivity(event: ConnectivityEvent): void {
    if (event === 'online' || event === 'offline') {
      for (const channel of joined()) channel.signal({ type: 'online', online: event === 'online' })
    }
    if (event === 'online' || event === 'visible') refreshAuth()
    else reschedule()
  }

  function refreshAuth(): void {
    if (scope === null) return
    failures = 0
    void source.refreshAuth()
    void sync()
  }

  function join(channel: TableChannel): void {
    if (scope === null || channel.isJoined()) return
    channel.join(connectivity.isOnline())
    void sync()
  }

  function setScope(next: string | null): void {
    if (next === scope) return
    scope = next
    life.abort()
    life = new AbortController()
    cancelTimer()
    catchUp.reset()
    rows.reset()
    failures = 0
    for (const channel of channels.values()) channel.reset()
    source.setScope?.(scope)
    stateListeners.run('')
    for (const channel of channels.values()) if (channel.delivery.listeners() > 0) join(channel)
  }

  return {
    subscribe: (table, callback, options = {}) => {
      const channel = channelOf(table)
      const unsubscribe = channel.subscribe(callback, options)
      join(channel)
      return unsubscribe
    },
    getSubscriptions: () => [...channels.values()].filter(isInUse).map((channel) => channel.info(catchUp.cursor())),
    getState: (table) => channels.get(table)?.view() ?? NEVER,
    subscribeState: (listener) => stateListeners.add('', listener),
    setScope,
    nudge: () => {
      if (joined().some((channel) => needsPolling(channel.facts()))) void sync()
    },
    refreshAuth,
    destroy: () => {
      setScope(null)
      stopListening()
      source.close()
    },
  }
}

interface Began {
  channel: TableChannel
  flow: number
}

const NEVER = { state: 'idle', lastSyncedAt: null } as const

function isInUse(channel: TableChannel): boolean {
  return channel.isJoined() || channel.delivery.listeners() > 0
}
