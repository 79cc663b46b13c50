import type { ChangeSource, FeedStatus } from '../ports/ChangeSource.js'
import type { Clock } from '../ports/Clock.js'
import type { MergeOutcome } from '../store/reconcile.js'
import type { Report } from '../telemetry/report.js'
import { createDelivery, type SubscribeOptions } from './delivery.js'
import { createHints } from './hints.js'
import type { RealtimeSyncService, RowChangeEvent, SubscriptionInfo } from './RealtimeSyncService.js'
import { type Change, type ChangeReading, readChange } from './readChange.js'
import type { Coverage } from './rowReader.js'
import { INITIAL_FACTS, nextFacts, stateOf, type TableFacts, type TableSignal } from './tableState.js'

/** A feed that does not flow within this time is polled. Milliseconds. */
export const SILENCE_MS = 5_000
/** How long a channel without subscribers stays joined: React mounts twice, and pages change. Milliseconds. */
export const LINGER_MS = 10_000
// More than this during one catch-up go through at once: merging by version makes early changes safe.
const MAX_BUFFERED = 10_000

export interface TableChannelOptions {
  table: string
  source: ChangeSource
  clock: Clock
  report: Report
  /** Takes checked changes of the feed. */
  apply: (changes: readonly Change[]) => void
  /** The log should be read now: subscribers came, changes began to flow, or something incomplete arrived. */
  onSyncNeeded: () => void
  /** The pace of catch-ups may have to change. */
  onPaceChanged: () => void
  onStateChanged: () => void
}

/** One table: its subscribers, its feed, its state. One object however many components watch. */
export type TableChannel = ReturnType<typeof createTableChannel>

export function createTableChannel({
  table,
  source,
  clock,
  report,
  apply,
  onSyncNeeded,
  onPaceChanged,
  onStateChanged,
}: TableChannelOptions) {
  const delivery = createDelivery(report)
  const hints = createHints(delivery.known)
  let facts: TableFacts = INITIAL_FACTS
  let view: ReturnType<RealtimeSyncService['getState']> = { state: 'idle', lastSyncedAt: null }
  let lastSyncedAt: number | null = null
  let lastEventAt: number | null = null
  let counters = ZERO
  let complete = false
  let buffer: unknown[] = []
  let leaveFeed: (() => void) | null = null
  let flow = 0
  let cancelLinger = () => {}
  let cancelSilence = () => {}

  function signal(change: TableSignal): void {
    facts = nextFacts(facts, change)
    // What was held back is older than the cursor that is read next; of a former epoch it would even be wrong.
    if (change.type === 'refetch') buffer = []
    // Also when syncing failed: merging by version makes late and early changes alike safe.
    if (stateOf(facts) !== 'syncing') drain()
    announce()
  }

  function announce(): void {
    const state = stateOf(facts)
    // The time is kept coarse, or every component that shows it would render at each poll.
    const later = lastSyncedAt !== null && Math.abs(lastSyncedAt - (view.lastSyncedAt ?? 0)) >= SYNCED_AT_STEP_MS
    if (state === view.state && !later) return
    view = { state, lastSyncedAt }
    onStateChanged()
  }

  function onStatus(feed: FeedStatus, reason?: string): void {
    if (feed === 'lost' && facts.feed !== 'lost')
      report('CHANNEL_FAILED', `The realtime feed of "${table}" broke; it is polled until it is back. ${reason ?? ''}`.trim(), { table })
    // Said again, it means the server subscribed anew (a fresh token does that), so something may be missing.
    if (isDelivering(feed)) flow += 1
    awaitFlow(feed)
    signal({ type: 'feed', feed })
    if (isDelivering(feed) || feed === 'joined') onSyncNeeded()
    else onPaceChanged()
  }

  function awaitFlow(feed: FeedStatus): void {
    cancelSilence()
    cancelSilence = () => {}
    if (isDelivering(feed) || facts.silent) return
    cancelSilence = clock.setTimer(() => {
      signal({ type: 'silence' })
      onSyncNeeded()
    }, SILENCE_MS)
  }

  function onChange(wire: unknown): void {
    // Refused by the API, these rows are nobody's to see, whatever an older token of the feed still allows.
    if (facts.failure === 'denied') return
    if (view.state === 'syncing' && buffer.length < MAX_BUFFERED) buffer.push(wire)
    else receive([wire])
  }

  function drain(): void {
    if (buffer.length === 0) return
    const waiting = buffer
    buffer = []
    receive(waiting)
  }

  function receive(wires: readonly unknown[]): void {
    const changes: Change[] = []
    for (const wire of wires) {
      const reading = readChange(table, wire)
      if (reading.kind === 'change') changes.push(reading.change)
      else note(reading)
    }
    if (changes.length > 0) apply(changes)
  }

  function note(reading: Exclude<ChangeReading, { kind: 'change' }>): void {
    if (reading.kind === 'malformed') {
      report('CHANGES_MALFORMED', `A change of "${table}" could not be read (${reading.reason}) and was left out.`, { table })
      return
    }
    if (hints.add(reading)) onSyncNeeded()
  }

  function leave(): void {
    cancelLinger()
    cancelSilence()
    leaveFeed?.()
    leaveFeed = null
    buffer = []
    hints.clear()
    signal({ type: 'feed', feed: 'none' })
  }

  function join(online: boolean): void {
    if (leaveFeed || delivery.listeners() === 0) return
    signal({ type: 'online', online })
    let left = false
    // A source may answer before `join` returns, and late after `leave`.
    leaveFeed = () => {
      left = true
    }
    onStatus('connecting')
    const leaveSource = source.join(table, {
      onStatus: (status, reason) => left || onStatus(status, reason),
      onChange: (change) => left || onChange(change),
    })
    leaveFeed = () => {
      left = true
      leaveSource()
    }
  }

  return {
    table,
    delivery,
    signal,
    join,
    leave,
    isJoined: () => leaveFeed !== null,
    facts: () => facts,
    view: () => view,
    /** Which stretch of flowing the feed is in; 0 while nothing flows. */
    flow: () => (isDelivering(facts.feed) ? flow : 0),
    hints,

    subscribe(callback: (event: RowChangeEvent) => void, options: SubscribeOptions): () => void {
      cancelLinger()
      let unsubscribe: (() => void) | null = delivery.subscribe(callback, options)
      return () => {
        unsubscribe?.()
        if (!unsubscribe) return
        unsubscribe = null
        if (delivery.listeners() > 0 || !leaveFeed) return
        cancelLinger()
        cancelLinger = clock.setTimer(() => {
          leave()
          onPaceChanged()
        }, LINGER_MS)
      }
    },

    /** Rows and log were read to their end by a catch-up that began in stretch `since` of flowing. */
    caughtUp(since: number, { horizonLagMs, isWhole, isOutdated }: Coverage & { horizonLagMs: number }): void {
      lastSyncedAt = clock.now()
      complete = isWhole
      signal({ type: 'caught-up', sinceFlowing: since !== 0 && since === flow, horizonLagMs, isOutdated })
    },

    count(outcome: MergeOutcome, source: 'realtime' | 'catch-up'): void {
      // The log repeats what the feed brought; that is its job and no sign of anything.
      if (source === 'catch-up' && outcome !== 'applied') return
      lastEventAt = clock.now()
      counters = {
        received: counters.received + 1,
        duplicates: counters.duplicates + Number(outcome === 'duplicate'),
        staleDropped: counters.staleDropped + Number(outcome === 'stale'),
        gapsRepaired: counters.gapsRepaired + Number(outcome === 'applied' && source === 'catch-up' && facts.feed !== 'polling'),
      }
    },

    /** Forgets what was seen for another user. Subscribers stay. */
    reset(): void {
      leave()
      delivery.clear()
      facts = INITIAL_FACTS
      counters = ZERO
      complete = false
      lastSyncedAt = null
      lastEventAt = null
      view = { state: 'idle', lastSyncedAt: null }
    },

    info: (cursor: string | null): SubscriptionInfo => ({
      key: table,
      listeners: delivery.listeners(),
      state: view.state,
      cursor,
      lastEventAt,
      complete,
      ...counters,
    }),
  }
}

const SYNCED_AT_STEP_MS = 30_000
const ZERO = { received: 0, duplicates: 0, staleDropped: 0, gapsRepaired: 0 }

function isDelivering(feed: TableFacts['feed']): boolean {
  return feed === 'flowing' || feed === 'polling'
}
