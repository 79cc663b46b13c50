/**
 * Hints from the platform. `online`/`offline`: what it believes about the network; `visible`: the page came to
 * the front; `hidden`: it left; `pagehide`: it may be gone for good; `restored`: it is back from the back-forward cache
 * or from freezing, so that it missed what happened meanwhile (`visible` follows when it is in front).
 */
export type ConnectivityEvent = 'online' | 'offline' | 'visible' | 'hidden' | 'pagehide' | 'restored'

/** Advisory: the queue never trusts it for the fate of a mutation. */
export interface Connectivity {
  isOnline(): boolean
  isVisible(): boolean
  /** Calls `listener` at each hint. Returns an idempotent unsubscribe. */
  subscribe(listener: (event: ConnectivityEvent) => void): () => void
}
