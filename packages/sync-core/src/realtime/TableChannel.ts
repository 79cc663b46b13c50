import type { ChangeSource, FeedStatus } from '../ports/ChangeSource.js'
import type { Clock } from '../ports/Clock.js'
import type { MergeOutcome } from '../store/reconcile.js'
import type { Report } from '../telemetry/report.js'
import { PushIntake } from './PushIntake.js'
import type { RealtimeSyncService, RowChangeEvent, SubscriptionInfo } from './RealtimeSyncService.js'
import type { Coverage } from './RowReader.js'
import type { Change } from './readChange.js'
import { type SubscribeOptions, Subscribers } from './Subscribers.js'
import { type ChangeOrigin, countChange, NOTHING_COUNTED } from './TableCounters.js'
import { TableFeed } from './TableFeed.js'
import { INITIAL_FACTS, isDelivering, needsPolling, nextFacts, stateOf, type TableFacts, type TableSignal } from './tableState.js'

/** How long a channel without subscribers stays joined: React mounts twice, and pages change. Milliseconds. */
export const LINGER_MS = 10_000
/** The time of the last sync is told in steps, or every component that shows it would render at each poll. Milliseconds. */
const SYNCED_AT_STEP_MS = 30_000

export interface TableChannelOptions {
  table: string
  source: ChangeSource
  clock: Clock
  report: Report
  /** Takes checked changes of the feed. */
  apply: (changes: readonly Change[]) => void
  /** The log should be read now: changes began to flow. */
  onSyncNeeded: () => void
  /** The log should be read soon: everybody was told at once that there is news. */
  onHint: () => void
  /** ... or a feed that was lost flows again, perhaps everybody's at once. */
  onRejoined: () => void
  /** The pace of catch-ups may have to change. */
  onPaceChanged: () => void
  onStateChanged: () => void
}

type StateView = ReturnType<RealtimeSyncService['getState']>

/** One table: its subscribers, its feed, its state. One object however many components watch. */
export class TableChannel {
  readonly table: string
  readonly subscribers: Subscribers
  readonly pushes: PushIntake
  readonly #options: TableChannelOptions
  readonly #feed: TableFeed
  #facts: TableFacts = INITIAL_FACTS
  #view: StateView = { state: 'idle', lastSyncedAt: null }
  #lastSyncedAt: number | null = null
  #counts = NOTHING_COUNTED
  #isComplete = false
  #cancelLinger = () => {}

  constructor(options: TableChannelOptions) {
    const { table, report, apply, onHint } = options
    this.table = table
    this.#options = options
    this.subscribers = new Subscribers(report)
    this.pushes = new PushIntake({ table, report, apply, subscribers: this.subscribers, onHint })
    this.#feed = new TableFeed({
      ...options,
      onStatus: (status, reason) => this.#onStatus(status, reason),
      onChange: (wire) => this.#onChange(wire),
    })
  }

  get isJoined(): boolean {
    return this.#feed.isJoined
  }

  get isInUse(): boolean {
    return this.isJoined || this.subscribers.count > 0
  }

  /** True when changes have to be asked for at the poll's pace. */
  get needsPolling(): boolean {
    return needsPolling(this.#facts)
  }

  get view(): StateView {
    return this.#view
  }

  /** How it stands when a catch-up begins; to be given to `caughtUp`. */
  beginning() {
    return { flow: this.#feed.flow, pushed: this.pushes.mark() }
  }

  signal(change: TableSignal): void {
    this.#facts = nextFacts(this.#facts, change)
    // Also when syncing failed: merging by version makes late and early changes alike safe.
    if (stateOf(this.#facts) !== 'syncing') this.pushes.drain()
    this.#announce()
  }

  subscribe(callback: (event: RowChangeEvent) => void, options: SubscribeOptions): () => void {
    this.#cancelLinger()
    let remove: (() => void) | null = this.subscribers.add(callback, options)
    return () => {
      remove?.()
      if (remove) this.#linger()
      remove = null
    }
  }

  join(isOnline: boolean): void {
    if (this.isJoined || this.subscribers.count === 0) return
    this.signal({ type: 'online', online: isOnline })
    this.#feed.join()
  }

  leave(): void {
    this.#cancelLinger()
    this.#feed.leave()
    this.pushes.clear()
    this.signal({ type: 'feed', feed: 'none' })
  }

  /** The log has a gap, or its rows were denied: they have to be read anew. */
  meetGap(): void {
    this.pushes.meetGap()
  }

  /** Rows and log were read to their end by a catch-up that began at `began`. */
  caughtUp(began: ReturnType<TableChannel['beginning']>, { horizonLagMs, isWhole, isOutdated }: Coverage & { horizonLagMs: number }): void {
    this.#lastSyncedAt = this.#options.clock.now()
    this.#isComplete = isWhole
    this.pushes.bridgeGap()
    const sinceFlowing = began.flow !== 0 && began.flow === this.#feed.flow
    this.signal({ type: 'caught-up', sinceFlowing, horizonLagMs, isOutdated })
  }

  /** Tells the subscribers. */
  take(change: Change, from: ChangeOrigin): MergeOutcome {
    if (from === 'catch-up') this.pushes.confirm(change)
    const outcome = this.subscribers.tell(change)
    const isPushed = this.#facts.feed !== 'polling'
    this.#counts = countChange(this.#counts, { outcome, from, isPushed, at: this.#options.clock.now() })
    return outcome
  }

  /** Forgets what was seen for another user. Subscribers stay. */
  reset(): void {
    this.leave()
    this.subscribers.clear()
    this.pushes.reset()
    this.#facts = INITIAL_FACTS
    this.#counts = NOTHING_COUNTED
    this.#isComplete = false
    this.#lastSyncedAt = null
    this.#view = { state: 'idle', lastSyncedAt: null }
  }

  info(cursor: string | null): SubscriptionInfo {
    const listeners = this.subscribers.count
    return { key: this.table, listeners, state: this.#view.state, cursor, complete: this.#isComplete, ...this.#counts }
  }

  #linger(): void {
    if (this.subscribers.count > 0 || !this.isJoined) return
    this.#cancelLinger()
    this.#cancelLinger = this.#options.clock.setTimer(() => {
      this.leave()
      this.#options.onPaceChanged()
    }, LINGER_MS)
  }

  #onStatus(feed: FeedStatus, reason?: string): void {
    const { table, report, onSyncNeeded, onRejoined, onPaceChanged } = this.#options
    const isRejoin = this.#facts.wasLive
    if (feed === 'lost' && this.#facts.feed !== 'lost')
      report('CHANNEL_FAILED', `The realtime feed of "${table}" broke; it is polled until it is back. ${reason ?? ''}`.trim(), { table })
    this.signal({ type: 'feed', feed })
    if (!isDelivering(feed)) onPaceChanged()
    // A server that comes back is joined by all at once; whoever sees rows already can take their turn.
    else if (isRejoin) onRejoined()
    else onSyncNeeded()
  }

  #onChange(wire: unknown): void {
    // Refused by the API, these rows are nobody's to see, whatever an older token of the feed still allows.
    if (this.#facts.failure === 'denied') return
    this.pushes.push(wire, this.#view.state === 'syncing')
  }

  #announce(): void {
    const state = stateOf(this.#facts)
    const lastSyncedAt = this.#lastSyncedAt
    const isLater = lastSyncedAt !== null && Math.abs(lastSyncedAt - (this.#view.lastSyncedAt ?? 0)) >= SYNCED_AT_STEP_MS
    if (state === this.#view.state && !isLater) return
    this.#view = { state, lastSyncedAt }
    this.#options.onStateChanged()
  }
}
