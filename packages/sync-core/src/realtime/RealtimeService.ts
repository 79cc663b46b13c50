import { isSameUser, type User } from '../identity/scopeName.js'
import type { ChangeSource } from '../ports/ChangeSource.js'
import type { ConnectivityEvent } from '../ports/Connectivity.js'
import { createListeners, type Listeners } from '../store/listeners.js'
import { CatchUpLoop, type CatchUpLoopOptions } from './CatchUpLoop.js'
import { guardSource } from './guardSource.js'
import type { RealtimeController, RowChangeEvent, SubscriptionInfo, TableState } from './RealtimeSyncService.js'
import type { Change } from './readChange.js'
import { createPageReader } from './readPage.js'
import type { SubscribeOptions } from './Subscribers.js'
import { TableChannel } from './TableChannel.js'
import type { ChangeOrigin } from './TableCounters.js'

export interface RealtimeOptions extends Omit<CatchUpLoopOptions, 'channels' | 'apply' | 'onDue'> {
  source: ChangeSource
  /** A committed change of this mutation was seen for the first time. */
  onEcho?: (mutationKey: string, source: ChangeOrigin) => void
  /** This mutation was clicked in this tab. */
  isOwn?: (mutationKey: string) => boolean
}

const NEVER = { state: 'idle', lastSyncedAt: null } as const

/**
 * Keeps the store equal to the server's rows, without gaps, over a feed that loses changes: every table is
 * joined first, then the change log's cursor and the rows are read, and the log again whenever changes
 * begin to flow, the page returns, something looks incomplete, or half a minute has passed.
 */
export class RealtimeService implements RealtimeController {
  readonly #options: RealtimeOptions
  readonly #channels = new Map<string, TableChannel>()
  readonly #stateListeners: Listeners
  readonly #loop: CatchUpLoop
  readonly #stopListening: () => void
  #user: User | null = null
  /** A new one for each user. */
  #life = {}

  constructor(options: RealtimeOptions) {
    const { report, connectivity } = options
    this.#options = { ...options, source: guardSource(options.source, report) }
    this.#stateListeners = createListeners(report)
    const readPage = createPageReader({ report, isWatched: (table) => this.#channels.has(table) })
    this.#loop = new CatchUpLoop({
      ...options,
      channels: this.#channels,
      apply: (wires) => this.#absorb(readPage(wires), 'catch-up'),
      onDue: (isPolling) => this.#onDue(isPolling),
    })
    this.#stopListening = connectivity.subscribe((event) => this.#onConnectivity(event))
  }

  subscribe(table: string, callback: (event: RowChangeEvent) => void, options: SubscribeOptions = {}): () => void {
    const channel = this.#channelOf(table)
    const unsubscribe = channel.subscribe((event) => callback(this.#withOwnTab(event)), options)
    this.#join(channel)
    return unsubscribe
  }

  getSubscriptions(): readonly SubscriptionInfo[] {
    return [...this.#channels.values()].filter(({ isInUse }) => isInUse).map((channel) => channel.info(this.#loop.cursor))
  }

  getState(table: string): { state: TableState; lastSyncedAt: number | null } {
    return this.#channels.get(table)?.view ?? NEVER
  }

  subscribeState(listener: () => void): () => void {
    return this.#stateListeners.add('', listener)
  }

  setUser(user: User | null): void {
    if (isSameUser(user, this.#user)) return
    this.#user = user
    this.#life = {}
    this.#loop.reset(user !== null)
    for (const channel of this.#channels.values()) channel.reset()
    this.#options.source.setUser?.(user)
    this.#stateListeners.run('')
    for (const channel of this.#channels.values()) this.#join(channel)
  }

  nudge(): void {
    const isPolling = [...this.#channels.values()].some((channel) => channel.isJoined && channel.needsPolling)
    if (isPolling) void this.#loop.run()
  }

  refreshAuth(): void {
    if (this.#user === null) return
    this.#loop.forgetFailures()
    void this.#options.source.refreshAuth()
    void this.#loop.run()
  }

  destroy(): void {
    this.setUser(null)
    this.#stopListening()
    this.#options.source.close()
  }

  #withOwnTab(event: RowChangeEvent): RowChangeEvent {
    const { isOwn } = this.#options
    const { mutationKey } = event.origin
    return isOwn ? { ...event, origin: { ...event.origin, ownTab: mutationKey !== null && isOwn(mutationKey) } } : event
  }

  #channelOf(table: string): TableChannel {
    const present = this.#channels.get(table)
    if (present) return present
    const channel = new TableChannel({
      ...this.#options,
      table,
      apply: (changes) => this.#absorb(changes, 'realtime'),
      onSyncNeeded: () => void this.#loop.run(),
      onHint: () => this.#loop.runInTurn(),
      onRejoined: () => {
        // Whoever lets a channel in speaks for the server, too.
        this.#loop.forgetFailures()
        this.#loop.runInTurn()
      },
      onPaceChanged: () => this.#loop.reschedule(),
      onStateChanged: () => this.#stateListeners.run(''),
    })
    this.#channels.set(table, channel)
    return channel
  }

  #join(channel: TableChannel): void {
    if (this.#user === null || channel.isJoined || channel.subscribers.count === 0) return
    channel.join(this.#options.connectivity.isOnline())
    void this.#loop.run()
  }

  /** One step: the store first, so that whoever is told finds the new row there. */
  #absorb(changes: readonly Change[], from: ChangeOrigin): void {
    const own = this.#life
    this.#options.store.applyChanges(changes.map(({ state }) => state))
    for (const change of changes) {
      // A subscriber may sign the user out; nobody is told the rest then.
      if (own !== this.#life) return
      const outcome = this.#channels.get(change.state.table)?.take(change, from) ?? 'applied'
      const { mutationKey } = change.state
      if (outcome === 'applied' && mutationKey !== null) this.#options.onEcho?.(mutationKey, from)
    }
  }

  #onDue(isPolling: boolean): void {
    // A source whose token was set by hand refreshes it nowhere else.
    if (!isPolling) void this.#options.source.refreshAuth()
    void this.#loop.run()
  }

  #onConnectivity(event: ConnectivityEvent): void {
    if (event === 'online' || event === 'offline') {
      for (const channel of this.#channels.values()) if (channel.isJoined) channel.signal({ type: 'online', online: event === 'online' })
    }
    if (event === 'online' || event === 'visible') this.refreshAuth()
    else this.#loop.reschedule()
  }
}
