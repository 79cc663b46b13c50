import type { SyncChange } from '@org/contracts'

/** A committed change and the organisation that may see it. */
export interface TenantChange {
  tenant: string
  change: SyncChange
}

/** The change log as it grows, for a gateway that tells clients. Woken by this process's commits, polling for other writers'. */
export interface ChangeFeed {
  /** Hears of every change committed after `start`, in order, in batches. Returns the unsubscribe. */
  subscribe(listener: (changes: readonly TenantChange[]) => void): () => void
  /** Resolves when the place to go on from is known: everything committed afterwards is delivered. */
  start(): Promise<void>
  close(): Promise<void>
}
