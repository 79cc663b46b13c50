import type { ServerResponse } from 'node:http'
import type { Claim } from './IdempotencyStore.js'

/** A claim whose owner is at work. */
export interface HeldClaim {
  readonly claim: Claim
  readonly res: ServerResponse
  readonly since: number
  /** Since when its client has been gone; null while it waits. */
  goneSince: number | null
}

export interface HeartbeatOptions {
  /** Tells the store that the owner lives. Must not throw. */
  renew: (claim: Claim) => void
  /** A claim whose client left long ago and whose handler was not heard of since: its owner counts as silent. */
  onSilent: (claim: Claim) => void
  beatMs: number
  /** How long a handler may go on for a client that left. */
  graceMs: number
}

/** Keeps the claims of requests at work alive: one timer for all of them, none while idle. */
export class Heartbeat {
  readonly #held = new Set<HeldClaim>()
  readonly #options: HeartbeatOptions
  #timer: NodeJS.Timeout | undefined

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  /** Keeps `claim` alive until `letGo`. */
  hold(claim: Claim, res: ServerResponse): HeldClaim {
    const held = { claim, res, since: performance.now(), goneSince: null }
    this.#held.add(held)
    this.#timer ??= setInterval(() => this.#beat(), this.#options.beatMs).unref()
    return held
  }

  letGo(held: HeldClaim): void {
    this.#held.delete(held)
  }

  #beat(): void {
    if (this.#held.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
    const now = performance.now()
    for (const held of this.#held) this.#look(held, now)
  }

  #look(held: HeldClaim, now: number): void {
    const { renew, onSilent, beatMs, graceMs } = this.#options
    if (held.res.closed) held.goneSince ??= now
    if (held.goneSince !== null && now - held.goneSince > graceMs) {
      this.#held.delete(held)
      onSilent(held.claim)
    }
    // A request younger than half a beat still has most of its first lease.
    else if (now - held.since >= beatMs / 2) renew(held.claim)
  }
}
