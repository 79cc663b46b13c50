import type { Connectivity } from '../ports/Connectivity.js'
import type { Locks } from '../ports/Locks.js'

export interface PresenceOptions {
  locks: Locks
  connectivity: Connectivity
  tabId: string
  /** Begins the names of the locks. */
  name: string
  /** Nobody in this tab needs it any more. */
  onLeft: () => void
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
  #members = 0
  /** Gives this tab's own lock back; undefined while the tab does not stand for it. */
  #letGo: (() => void) | undefined

  constructor(options: PresenceOptions) {
    this.#options = options
    this.#hold()
    const unsubscribe = options.connectivity.subscribe((event) => {
      if (event === 'pagehide') this.#depart()
      if (event === 'visible') this.#hold()
    })
    this.#stop.signal.addEventListener('abort', unsubscribe)
  }

  /** One more needs it, and will leave it. */
  enter(): this {
    this.#members += 1
    return this
  }

  /** For the others this tab is dead once everybody in it has left. */
  leave(): void {
    this.#members -= 1
    if (this.#members > 0) return
    this.#options.onLeft()
    this.#stop.abort()
    this.#depart()
  }

  isDead(tabId: string): boolean {
    return this.#watched.get(tabId)?.isDead ?? false
  }

  /** Calls `onDeath` each time the tab is gone; never of this one. The same function is called once, however often it is given. */
  watch(tabId: string, onDeath: () => void): void {
    if (tabId === this.#options.tabId) return
    const watched = this.#watched.get(tabId)
    watched?.onDeath.add(onDeath)
    if (watched !== undefined) return
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

  #awaitDeath(tabId: string): void {
    this.#request(tabId, async () => {
      const watched = this.#watched.get(tabId)
      if (!watched || this.#stop.signal.aborted) return
      watched.isDead = true
      for (const onDeath of [...watched.onDeath]) onDeath()
    })
  }

  #hold(): void {
    if (this.#letGo !== undefined || this.#stop.signal.aborted) return
    const gone = new Promise<void>((resolve) => {
      this.#letGo = resolve
    })
    this.#request(this.#options.tabId, () => gone)
  }

  #depart(): void {
    this.#letGo?.()
    this.#letGo = undefined
  }

  #request(tabId: string, run: () => Promise<void>): void {
    const { locks, name } = this.#options
    // An aborted wait is how watching ends; there is nobody to tell.
    locks.request(`${name}:tab:${tabId}`, { signal: this.#stop.signal }, run).catch(() => undefined)
  }
}
