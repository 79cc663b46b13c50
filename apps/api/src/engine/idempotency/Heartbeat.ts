import type { Flight } from './Flight.js'
import type { Claim } from './IdempotencyStore.js'

export interface HeartbeatOptions {
  /** Everything under way; alive is kept what has a handler at work. */
  flights: () => Iterable<Flight>
  /** Tells the store that the owner lives. Must not throw. */
  renew: (claim: Claim) => void
  /** One whose client left long ago and whose handler was not heard of since: its owner counts as silent. */
  onSilent: (flight: Flight) => void
  beatMs: number
  /** How long a handler may go on for a client that left. */
  graceMs: number
}

/** Keeps the claims of requests at work alive: one timer for all of them, none while idle. */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  #timer: NodeJS.Timeout | undefined

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  /** Beats until nothing is under way. */
  start(): void {
    this.#timer ??= setInterval(() => this.#beat(), this.#options.beatMs).unref()
  }

  #beat(): void {
    const now = performance.now()
    let underWay = 0
    for (const flight of this.#options.flights()) {
      underWay += 1
      if (flight.res !== null) this.#look(flight, flight.res.closed, now)
    }
    if (underWay > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #look(flight: Flight, isGone: boolean, now: number): void {
    const { renew, onSilent, beatMs, graceMs } = this.#options
    if (isGone) flight.goneSince ??= now
    if (flight.goneSince !== null && now - flight.goneSince > graceMs) onSilent(flight)
    // A request younger than half a beat still has most of its first lease.
    else if (now - flight.since >= beatMs / 2) renew(flight.claim)
  }
}
