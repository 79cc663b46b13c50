import type { Connectivity } from '../ports/Connectivity.js'
import type { Locks } from '../ports/Locks.js'

export interface PresenceOptions {
  locks: Locks
  connectivity: Connectivity
  /** Begins the names of the locks. */
  prefix: string
  tabId: string
}

/**
 * Who is alive. Each tab holds a lock of its own while it lives; waiting for another tab's lock tells at
 * once when that tab closed or crashed, without heartbeats. A tab that hangs keeps its lock. A page that is put
 * aside lets go of it, as one that holds a lock is never kept for the way back, and others go on in its place.
 */
export class Presence {
  readonly #options: PresenceOptions
  readonly #watched = new Map<string, 'alive' | 'dead'>()
  readonly #stop = new AbortController()
  #leave: (() => void) | undefined

  constructor(options: PresenceOptions) {
    this.#options = options
    this.#watched.set(options.tabId, 'alive')
    this.#enter()
    const unsubscribe = options.connectivity.subscribe((event) => {
      if (event === 'pagehide') this.#leave?.()
      if (event === 'visible') this.#enter()
    })
    this.#stop.signal.addEventListener('abort', () => {
      unsubscribe()
      this.#leave?.()
    })
  }

  isDead(tabId: string): boolean {
    return this.#watched.get(tabId) === 'dead'
  }

  /** Calls `onDeath` once when the tab is gone; at most one watch a tab. */
  watch(tabId: string, onDeath: () => void): void {
    if (!this.#options.locks.available || this.#watched.has(tabId)) return
    this.#watched.set(tabId, 'alive')
    void this.#request(tabId, async () => {
      this.#watched.set(tabId, 'dead')
      onDeath()
    })
  }

  stop(): void {
    this.#stop.abort()
  }

  #enter(): void {
    if (this.#leave !== undefined) return
    const left = new Promise<void>((resolve) => {
      this.#leave = () => {
        this.#leave = undefined
        resolve()
      }
    })
    void this.#request(this.#options.tabId, () => left)
  }

  // An aborted wait is how watching ends; there is nobody to tell.
  #request(tabId: string, run: () => Promise<void>): Promise<void> {
    const { locks, prefix } = this.#options
    return locks.request(`${prefix}:tab:${tabId}`, { signal: this.#stop.signal }, run).catch(() => undefined)
  }
}
