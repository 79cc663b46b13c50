import type { Clock } from '../ports/Clock.js'
import type { Connectivity, ConnectivityEvent } from '../ports/Connectivity.js'
import type { Random } from '../ports/Random.js'
import { createListeners, type Listeners } from '../store/listeners.js'
import { describeError, type Report } from '../telemetry/report.js'
import type { RealtimeController, SubscriptionInfo } from './RealtimeSyncService.js'
import { ServerProbe } from './ServerProbe.js'

export interface LazyRealtimeOptions {
  /** Loads the code and makes the service with it. Called once at most: a browser never asks again for code that it could not load. */
  load: () => Promise<RealtimeController>
  /** Resolves once the server has answered something. */
  reached: Promise<void>
  /** Asks the server for anything. May reject. */
  probe: () => Promise<unknown>
  /** It is destroyed, and the service was never made. */
  onUnused?: () => void
  clock: Clock
  random: Random
  connectivity: Connectivity
  report: Report
}

type SubscribeArguments = Parameters<RealtimeController['subscribe']>
type StateView = ReturnType<RealtimeController['getState']>

/** One subscription, before and after the service is there. */
interface Subscription {
  readonly given: SubscribeArguments
  leave: () => void
}

/** Code that takes longer is waited for, but not in good hope. Milliseconds. */
const LATE_MS = 20_000

const NEVER: StateView = { state: 'idle', lastSyncedAt: null }
const NOTHING_YET = { cursor: null, lastEventAt: null, complete: false, received: 0, duplicates: 0, staleDropped: 0, gapsRepaired: 0 }

/**
 * Realtime as a page has it from the start: it takes subscriptions and says how tables stand, and loads what does
 * the work with the first table that is watched, once the server was reached. Where that code cannot be had, tables
 * are stale: rows come from answers and from the host alone. A click needs nothing of it.
 */
export class LazyRealtime implements RealtimeController {
  readonly #options: LazyRealtimeOptions
  readonly #subscriptions = new Set<Subscription>()
  readonly #stateListeners: Listeners
  readonly #probe: ServerProbe
  readonly #stopListening: () => void
  #service: RealtimeController | undefined
  #scope: string | null = null
  #view: StateView = { state: 'connecting', lastSyncedAt: null }
  #load: 'not yet' | 'under way' | 'late' | 'failed' = 'not yet'
  #cancelLate = () => {}
  #isClosed = false

  constructor(options: LazyRealtimeOptions) {
    this.#options = options
    this.#stateListeners = createListeners(options.report)
    this.#probe = new ServerProbe({ ...options, onReached: () => this.#begin(), onFailed: () => this.#announce() })
    this.#stopListening = options.connectivity.subscribe((event) => this.#onConnectivity(event))
  }

  subscribe(...given: SubscribeArguments): () => void {
    if (this.#service) return this.#service.subscribe(...given)
    const subscription: Subscription = { given, leave: () => {} }
    this.#subscriptions.add(subscription)
    this.#stateListeners.run('')
    this.#begin()
    return () => {
      if (!this.#subscriptions.delete(subscription)) return
      subscription.leave()
      if (!this.#service) this.#stateListeners.run('')
    }
  }

  getSubscriptions(): readonly SubscriptionInfo[] {
    if (this.#service) return this.#service.getSubscriptions()
    const counts = new Map<string, number>()
    for (const { given } of this.#subscriptions) counts.set(given[0], (counts.get(given[0]) ?? 0) + 1)
    return [...counts].map(([key, listeners]) => ({ key, listeners, state: this.getState(key).state, ...NOTHING_YET }))
  }

  getState(table: string): StateView {
    if (this.#service) return this.#service.getState(table)
    return this.#scope !== null && this.#isWatched(table) ? this.#view : NEVER
  }

  subscribeState(listener: () => void): () => void {
    return this.#stateListeners.add('', listener)
  }

  setScope(scope: string | null): void {
    if (scope === this.#scope) return
    this.#scope = scope
    if (this.#service) {
      this.#service.setScope(scope)
      return
    }
    if (scope === null) this.#probe.rest()
    this.#stateListeners.run('')
    this.#begin()
  }

  nudge(): void {
    this.#service?.nudge()
  }

  refreshAuth(): void {
    if (this.#service) this.#service.refreshAuth()
    else this.#probe.hasten()
  }

  destroy(): void {
    this.#isClosed = true
    this.#stopListening()
    this.#probe.rest()
    this.#cancelLate()
    if (this.#service) this.#service.destroy()
    else if (this.#load === 'not yet' || this.#load === 'failed') this.#options.onUnused?.()
  }

  #isWatched(table: string): boolean {
    for (const { given } of this.#subscriptions) if (given[0] === table) return true
    return false
  }

  /** Once somebody is here and watches something. */
  #begin(): void {
    const isWanted = this.#scope !== null && this.#subscriptions.size > 0 && !this.#isClosed
    if (!isWanted || this.#load !== 'not yet') return
    if (this.#probe.isReached) void this.#loadService()
    else this.#probe.want()
    this.#announce()
  }

  async #loadService(): Promise<void> {
    this.#load = 'under way'
    this.#cancelLate = this.#options.clock.setTimer(() => this.#noteLate(), LATE_MS)
    try {
      this.#take(await this.#options.load())
    } catch (error) {
      this.#load = 'failed'
      const message = `The code that keeps rows up to date could not be loaded, so they change with answers alone until the page is loaded anew. Clicks are not affected. Look whether the chunk is deployed and allowed. ${describeError(error)}`
      this.#options.report('CHUNK_MISSING', message)
      this.#announce()
    } finally {
      this.#cancelLate()
    }
  }

  /** It may still come; until then nothing keeps rows true. */
  #noteLate(): void {
    this.#load = 'late'
    this.#announce()
  }

  #take(service: RealtimeController): void {
    if (this.#isClosed) {
      service.destroy()
      return
    }
    this.#service = service
    this.#stopListening()
    service.subscribeState(() => this.#stateListeners.run(''))
    for (const subscription of this.#subscriptions) subscription.leave = service.subscribe(...subscription.given)
    service.setScope(this.#scope)
  }

  #onConnectivity(event: ConnectivityEvent): void {
    if (event === 'online' || event === 'visible') this.#probe.hasten()
    this.#announce()
  }

  #announce(): void {
    const state = this.#stateNow()
    if (state === this.#view.state) return
    this.#view = { state, lastSyncedAt: null }
    this.#stateListeners.run('')
  }

  #stateNow(): StateView['state'] {
    if (this.#load === 'failed' || this.#load === 'late') return 'stale'
    const isOffline = this.#load === 'not yet' && (this.#probe.hasFailed || !this.#options.connectivity.isOnline())
    return isOffline ? 'offline' : 'connecting'
  }
}
