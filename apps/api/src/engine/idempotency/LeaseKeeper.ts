import type { IdempotencyStore } from './IdempotencyStore.js'

/** A lease that is kept. */
export interface HeldLease {
  readonly id: string
  readonly owner: string
  readonly since: number
}

export interface LeaseKeeperOptions {
  store: IdempotencyStore
  leaseMs: number
  heartbeatMs: number
  /** A handler that runs longer than this has hung: its lease is left to run out. */
  longestMs: number
  /** Told of a claim whose handler has hung. */
  onHung: (id: string) => void
  onError: (error: unknown) => void
}

/** Renews the leases of requests still being worked on: one timer for all of them, none while idle. */
export class LeaseKeeper {
  readonly #held = new Set<HeldLease>()
  readonly #options: LeaseKeeperOptions
  #timer: NodeJS.Timeout | undefined

  constructor(options: LeaseKeeperOptions) {
    this.#options = options
  }

  /** Keeps the lease of `id` until `letGo`. */
  hold(id: string, owner: string): HeldLease {
    const held = { id, owner, since: performance.now() }
    this.#held.add(held)
    this.#timer ??= setInterval(() => this.#beat(), this.#options.heartbeatMs).unref()
    return held
  }

  letGo(held: HeldLease): void {
    this.#held.delete(held)
  }

  /** Stops the heartbeat; leases still held run out. */
  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#held.clear()
  }

  #beat(): void {
    if (this.#held.size === 0) {
      this.stop()
      return
    }
    const { store, leaseMs, longestMs, onError, onHung, heartbeatMs } = this.#options
    for (const held of this.#held) {
      const age = performance.now() - held.since
      if (age > longestMs) {
        this.#held.delete(held)
        onHung(held.id)
      }
      // A request younger than one beat still has most of its first lease.
      else if (age >= heartbeatMs / 2) store.renew(held.id, { owner: held.owner, leaseMs }).catch(onError)
    }
  }
}
