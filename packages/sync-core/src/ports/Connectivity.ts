/**
 * Hints from the platform. `online`/`offline`: what it believes about the network; `visible`: the page came to
 * the front or back from the back-forward cache; `hidden`: it left; `pagehide`: it may be gone for good.
 */
export type ConnectivityEvent = 'online' | 'offline' | 'visible' | 'hidden' | 'pagehide'

/** Advisory: the queue never trusts it for the fate of a mutation. */
export interface Connectivity {
  isOnline(): boolean
  isVisible(): boolean
  /** Calls `listener` at each hint. Returns an idempotent unsubscribe. */
  subscribe(listener: (event: ConnectivityEvent) => void): () => void
}
