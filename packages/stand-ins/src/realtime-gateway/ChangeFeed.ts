import type { SyncChange } from '@org/contracts'

/** A committed row change and whose it is. */
export interface FeedChange extends Pick<SyncChange, 'table' | 'eventType' | 'new' | 'old' | 'version'> {
  /**
   * The organisation that may see it; for the tombstone of a row that moved, the one it left.
   * Null when nobody knows: then only a DELETE is delivered, its key alone, to everyone (as Supabase does).
   */
  tenant: string | null
  /** ISO 8601 instant of the commit. @default the instant the gateway heard of it */
  committedAt?: string
  /** Who did it, with which click. */
  origin?: unknown
}

/** Where the gateway hears of committed changes, in commit order. */
export interface ChangeFeed {
  /** Calls `listener` for every change from now on. Returns an idempotent unsubscribe. */
  subscribe(listener: (change: FeedChange) => void): () => void
}
