import type { BaseRow } from '@org/contracts/client'
import type { User } from '../identity/scopeName.js'

export interface RowOrigin {
  /** User id of the writer; null when no mutation wrote it. */
  actor: string | null
  mutationKey: string | null
  /** True when a mutation of this tab (since its last load) wrote it. Absent counts as false. */
  ownTab?: boolean
}

/** A row change, the same from realtime and from catch-up; `old` holds the key only. */
export interface RowChangeEvent {
  table: string
  eventType: 'INSERT' | 'UPDATE' | 'DELETE'
  new: BaseRow | null
  old: { id: string } | null
  origin: RowOrigin
}

export type TableState = 'idle' | 'connecting' | 'syncing' | 'live' | 'stale' | 'denied' | 'offline'

export interface SubscriptionInfo {
  /** The table's name. */
  key: string
  listeners: number
  state: TableState
  cursor: string | null
  lastEventAt: number | null
  /** False: not (yet) all rows are here; those beyond the first 10,000 come once they change. Absent counts as true. */
  complete?: boolean
  received: number
  duplicates: number
  staleDropped: number
  gapsRepaired: number
}

export interface RealtimeSyncService {
  /**
   * Calls `callback` for every committed change of `table`. Returns a synchronous, idempotent unsubscribe.
   * @param options.id only this row
   * @param options.where only rows for which it returns true (a deleted row is passed as its key)
   */
  subscribe(
    table: string,
    callback: (event: RowChangeEvent) => void,
    options?: { id?: string; where?: (row: BaseRow) => boolean },
  ): () => void
  getSubscriptions(): readonly SubscriptionInfo[]
  /** State of one table; stable until it changes. */
  getState(table: string): { state: TableState; lastSyncedAt: number | null }
  /** Calls `listener` when any table's state changed. */
  subscribeState(listener: () => void): () => void
}

/** The service, and what only the client that owns it may call. */
export interface RealtimeController extends RealtimeSyncService {
  /**
   * Who is here, or null while nobody is. A change leaves all channels and forgets cursor,
   * versions and counters at once; subscribers stay. Call `store.purge()` before it.
   */
  setUser(user: User | null): void
  /** An own mutation was acknowledged: where nothing pushes changes, they are asked for now. */
  nudge(): void
  /** The access token changed. */
  refreshAuth(): void
  /** Leaves everything and closes the source. */
  destroy(): void
}
