import { isSameUser, type User } from '../identity/scopeName.js'
import type { ConnectivityEvent } from '../ports/Connectivity.js'
import type { Platform } from '../ports/Platform.js'
import { createListeners, type Listeners } from '../store/listeners.js'
import { describeError } from '../telemetry/report.js'
import type { RealtimeController, SubscriptionInfo } from './RealtimeSyncService.js'

export interface LazyRealtimeOptions {
  platform: Platform
  /** Loads the code and makes the service with it. Called once at most: a browser never asks again for code that it could not load. */
  load: () => Promise<RealtimeController>
  /** Resolves once the server has answered something. */
  reached: Promise<void>
  /** Asks the server for anything, where nobody else does. May reject. */
  probe: () => Promise<unknown>
  /** It is destroyed, and the service was never made. */
  onUnused?: () => void
}

type SubscribeArguments = Parameters<RealtimeController['subscribe']>
type StateView = ReturnType<RealtimeController['getState']>

/** One subscription, before and after the service is there. */
interface Subscription {
  readonly given: SubscribeArguments
  leave: () => void
}

/** Others ask the server at the start, too; so long their answer is waited for. Milliseconds. */
const PATIENCE_MS = 250
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000
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
  readonly #stopListening: () => void
  #service: RealtimeController | undefined
  #user: User | null = null
  #view: StateView = { state: 'connecting', lastSyncedAt: null }
  #load: 'not yet' | 'under way' | 'late' | 'failed' = 'not yet'
  #isReached = false
  #isAsking = false
  /** Questions without an answer. */
  #failures = 0
  /** Until the server is asked, or the code is late. */
  #cancelTimer: (() => void) | undefined
  #isClosed = false

  constructor(options: LazyRealtimeOptions) {
    this.#options = options
    this.#stateListeners = createListeners(options.platform.report)
    this.#stopListening = options.platform.connectivity.subscribe((event) => this.#onConnectivity(event))
    void options.reached.then(() => {
      this.#isReached = true
      this.#begin()
    })
  }

  subscribe(...given: SubscribeArguments): () => void {
    if (this.#service) return this.#service.subscribe(...given)
    const subscription: Subscription = { given, leave: () => {} }
    this.#subscriptions.add(subscription)
    this.#begin()
    return () => {
      if (!this.#subscriptions.delete(subscription)) return
      subscription.leave()
      this.#announce()
    }
  }

  getSubscriptions(): readonly SubscriptionInfo[] {
    if (this.#service) return this.#service.getSubscriptions()
    const tables = [...this.#subscriptions].map(({ given }) => given[0])
    const count = (table: string) => tables.filter((other) => other === table).length
    return [...new Set(tables)].map((key) => ({ key, listeners: count(key), state: this.getState(key).state, ...NOTHING_YET }))
  }

  getState(table: string): StateView {
    if (this.#service) return this.#service.getState(table)
    const isWatched = [...this.#subscriptions].some(({ given }) => given[0] === table)
    return this.#user !== null && isWatched ? this.#view : NEVER
  }

  subscribeState(listener: () => void): () => void {
    return this.#stateListeners.add('', listener)
  }

  setUser(user: User | null): void {
    if (isSameUser(user, this.#user)) return
    this.#user = user
    if (this.#service) this.#service.setUser(user)
    else this.#begin()
  }

  nudge(): void {
    this.#service?.nudge()
  }

  refreshAuth(): void {
    if (this.#service) this.#service.refreshAuth()
    else void this.#ask()
  }

  destroy(): void {
    this.#isClosed = true
    this.#stopListening()
    this.#cancelTimer?.()
    if (this.#service) this.#service.destroy()
    else if (this.#load === 'not yet' || this.#load === 'failed') this.#options.onUnused?.()
  }

  /** Somebody is here and watches something, and the code was not asked for. */
  get #isWanted(): boolean {
    return this.#user !== null && this.#subscriptions.size > 0 && this.#load === 'not yet' && !this.#isClosed
  }

  #begin(): void {
    if (this.#isWanted && this.#isReached) void this.#loadService()
    else this.#askIn(PATIENCE_MS)
    this.#announce()
  }

  #askIn(delayMs: number): void {
    if (this.#isWanted && !this.#isAsking) this.#cancelTimer ??= this.#options.platform.clock.setTimer(() => void this.#ask(), delayMs)
  }

  /** Finds out whether the server can be reached, ever less often while it cannot. */
  async #ask(): Promise<void> {
    if (!this.#isWanted || this.#isAsking) return
    this.#isAsking = true
    this.#stopTimer()
    await this.#options.probe().catch(() => undefined)
    this.#isAsking = false
    if (this.#isReached) return
    this.#failures += 1
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#failures - 1))
    this.#askIn(pause * (0.5 + this.#options.platform.random.uniform() / 2))
    this.#announce()
  }

  async #loadService(): Promise<void> {
    const { load, platform } = this.#options
    this.#load = 'under way'
    this.#stopTimer()
    this.#cancelTimer = platform.clock.setTimer(() => this.#noteLoad('late'), LATE_MS)
    try {
      this.#take(await load())
    } catch (error) {
      platform.report('CHUNK_MISSING', { error: describeError(error) })
      this.#noteLoad('failed')
    } finally {
      this.#stopTimer()
    }
  }

  /** `late`: it may still come; until then nothing keeps rows true. */
  #noteLoad(load: 'late' | 'failed'): void {
    this.#load = load
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
    service.setUser(this.#user)
  }

  #onConnectivity(event: ConnectivityEvent): void {
    if (event === 'online' || event === 'visible') void this.#ask()
    this.#announce()
  }

  /** Until the service says how tables stand. */
  #announce(): void {
    if (this.#service) return
    const state = this.#stateNow()
    if (state !== this.#view.state) this.#view = { state, lastSyncedAt: null }
    this.#stateListeners.run('')
  }

  #stateNow(): StateView['state'] {
    if (this.#load === 'failed' || this.#load === 'late') return 'stale'
    const hasFailed = this.#failures > 0 && !this.#isReached
    const isOffline = this.#load === 'not yet' && (hasFailed || !this.#options.platform.connectivity.isOnline())
    return isOffline ? 'offline' : 'connecting'
  }

  #stopTimer(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }
}
