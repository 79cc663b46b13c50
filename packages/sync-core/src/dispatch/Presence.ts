import type { Locks } from '../ports/Locks.js'

/**
 * Who is alive. Each tab holds a lock of its own while it lives; waiting for another tab's lock tells at
 * once when that tab closed or crashed, without heartbeats. A tab that hangs keeps its lock.
 */
export class Presence {
  readonly #locks: Locks
  readonly #prefix: string
  readonly #watched = new Map<string, 'alive' | 'dead'>()
  readonly #stop = new AbortController()

  constructor(locks: Locks, prefix: string, tabId: string) {
    this.#locks = locks
    this.#prefix = prefix
    this.#watched.set(tabId, 'alive')
    void this.#quietly(
      locks.request(this.#name(tabId), { signal: this.#stop.signal }, () => new Promise((resolve) => this.#onStop(resolve))),
    )
  }

  isDead(tabId: string): boolean {
    return this.#watched.get(tabId) === 'dead'
  }

  /** Calls `onDeath` once when the tab is gone; at most one watch a tab. */
  watch(tabId: string, onDeath: () => void): void {
    if (!this.#locks.available || this.#watched.has(tabId)) return
    this.#watched.set(tabId, 'alive')
    const died = async () => {
      this.#watched.set(tabId, 'dead')
      onDeath()
    }
    void this.#quietly(this.#locks.request(this.#name(tabId), { signal: this.#stop.signal }, died))
  }

  stop(): void {
    this.#stop.abort()
  }

  #name(tabId: string): string {
    return `${this.#prefix}:tab:${tabId}`
  }

  #onStop(resolve: (value: undefined) => void): void {
    if (this.#stop.signal.aborted) resolve(undefined)
    else this.#stop.signal.addEventListener('abort', () => resolve(undefined), { once: true })
  }

  // An aborted wait is how watching ends; there is nobody to tell.
  async #quietly(request: Promise<unknown>): Promise<void> {
    await request.catch(() => undefined)
  }
}
