import type { Connectivity } from '../ports/Connectivity.js'
import type { Locks } from '../ports/Locks.js'

export interface PresenceOptions {
  locks: Locks
  connectivity: Connectivity
  /** Begins the names of the locks. */
  prefix: string
  tabId: string
}

/** What is known of another tab, and who wants to know when it ends. */
interface Watched {
  isDead: boolean
  readonly onDeath: Set<() => void>
}

/**
 * Who is alive. Each tab holds a lock of its own while it lives; waiting for another tab's lock tells at
 * once when that tab closed or crashed, without heartbeats. A tab that hangs keeps its lock. A page that is put
 * aside lets go of it, as one that holds a lock is never kept for the way back, and others go on in its place;
 * once it is back it is believed alive as soon as it says something.
 */
export class Presence {
  readonly #options: PresenceOptions
  readonly #watched = new Map<string, Watched>()
  readonly #stop = new AbortController()
  #leave: (() => void) | undefined

  constructor(options: PresenceOptions) {
    this.#options = options
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
    return this.#watched.get(tabId)?.isDead ?? false
  }

  /** Calls `onDeath` each time the tab is gone. The same function is called once, however often it is given. */
  watch(tabId: string, onDeath: () => void): void {
    if (!this.#options.locks.available || tabId === this.#options.tabId) return
    const watched = this.#watched.get(tabId)
    if (watched) {
      watched.onDeath.add(onDeath)
      return
    }
    this.#watched.set(tabId, { isDead: false, onDeath: new Set([onDeath]) })
    this.#awaitDeath(tabId)
  }

  /** The tab said something. */
  heard(tabId: string): void {
    const watched = this.#watched.get(tabId)
    if (!watched?.isDead) return
    watched.isDead = false
    this.#awaitDeath(tabId)
  }

  stop(): void {
    this.#stop.abort()
  }

  #awaitDeath(tabId: string): void {
    void this.#request(tabId, async () => {
      const watched = this.#watched.get(tabId)
      if (!watched || this.#stop.signal.aborted) return
      watched.isDead = true
      for (const onDeath of [...watched.onDeath]) onDeath()
    })
  }

  #enter(): void {
    if (this.#leave !== undefined || this.#stop.signal.aborted) return
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
