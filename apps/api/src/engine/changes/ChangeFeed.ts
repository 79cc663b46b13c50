import type { SyncChange } from '@org/contracts'

/** A committed change and the organisation that may see it. */
export interface TenantChange {
  tenant: string
  change: SyncChange
}

export interface FeedListener {
  onChanges: (changes: readonly TenantChange[]) => void
  /** Changes came that nobody can name any more, as after a restore: whoever follows reads all rows again. */
  onGap: () => void
}

/**
 * The change log as it grows, for a gateway that tells clients. Woken by this process's commits, polling for other
 * writers'. While nobody listens it reads nothing.
 */
export interface ChangeFeed {
  /**
   * Hears of every change committed after `start`, in order, in batches. Who comes later, to a feed that nobody
   * listened to, hears of a gap first and of every change after it. Returns the unsubscribe.
   */
  subscribe(onChanges: FeedListener['onChanges'], options?: Partial<Pick<FeedListener, 'onGap'>>): () => void
  /** Resolves when the place to go on from is known: everything committed afterwards is delivered. */
  start(): Promise<void>
  close(): Promise<void>
}
