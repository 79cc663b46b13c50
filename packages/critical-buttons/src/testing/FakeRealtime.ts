import type { BaseRow } from '@org/contracts/client'
import type { RealtimeSyncService, RowChangeEvent, SubscriptionInfo, TableState } from '@org/sync-core'
import { Listeners } from './Listeners.js'

interface Subscription {
  table: string
  callback: (event: RowChangeEvent) => void
  id?: string | undefined
  where?: ((row: BaseRow) => boolean) | undefined
}

/** Realtime in memory: `emit` is the only source of events. */
export class FakeRealtime implements RealtimeSyncService {
  readonly #subscriptions = new Set<Subscription>()
  readonly #stateListeners = new Listeners()
  readonly #states = new Map<string, { state: TableState; lastSyncedAt: number | null }>()
  static readonly #live = { state: 'live', lastSyncedAt: null } as const

  subscribe(table: string, callback: (event: RowChangeEvent) => void, options: { id?: string; where?: (row: BaseRow) => boolean } = {}) {
    const subscription: Subscription = { table, callback, ...options }
    this.#subscriptions.add(subscription)
    return () => void this.#subscriptions.delete(subscription)
  }

  getSubscriptions(): readonly SubscriptionInfo[] {
    const tables = [...new Set([...this.#subscriptions].map(({ table }) => table))]
    return tables.map((key) => ({
      key,
      listeners: [...this.#subscriptions].filter(({ table }) => table === key).length,
      state: this.getState(key).state,
      cursor: null,
      lastEventAt: null,
      received: 0,
      duplicates: 0,
      staleDropped: 0,
      gapsRepaired: 0,
    }))
  }

  getState(table: string) {
    return this.#states.get(table) ?? FakeRealtime.#live
  }

  subscribeState(listener: () => void): () => void {
    return this.#stateListeners.add('state', listener)
  }

  setState(table: string, state: TableState, lastSyncedAt: number | null = null): void {
    this.#states.set(table, { state, lastSyncedAt })
    this.#stateListeners.call('state')
  }

  emit(event: RowChangeEvent): void {
    for (const { table, callback, id, where } of [...this.#subscriptions]) {
      if (table !== event.table) continue
      if (id !== undefined && id !== (event.new?.id ?? event.old?.id)) continue
      if (where !== undefined && event.new !== null && !where(event.new)) continue
      callback(event)
    }
  }

  listenerCount(): number {
    return this.#subscriptions.size + this.#stateListeners.count()
  }
}
