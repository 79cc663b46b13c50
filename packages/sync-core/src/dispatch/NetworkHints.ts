import type { Clock } from '../ports/Clock.js'
import type { Connectivity } from '../ports/Connectivity.js'
import type { Random } from '../ports/Random.js'
import { plannedInstant } from '../retry/backoff.js'

/** Between attempts made although the browser says it is offline: it is sometimes wrong. */
const OFFLINE_PROBE_MS = 30_000
/** All clients of an office come back at the same moment. */
const ONLINE_SPREAD_MS = 2_000

/** What the platform believes about the network, as advice: it delays attempts and never forbids them. */
export class NetworkHints {
  readonly #ports: { clock: Clock; random: Random; connectivity: Connectivity }
  #onlineAt = 0
  #probedAt: number

  constructor(ports: { clock: Clock; random: Random; connectivity: Connectivity }) {
    this.#ports = ports
    this.#probedAt = ports.clock.now()
  }

  get isOnline(): boolean {
    return this.#ports.connectivity.isOnline()
  }

  /** The network is said to be back: soon, but not all at once. */
  cameBack(): void {
    this.#onlineAt = this.#ports.clock.now() + this.#ports.random.uniform() * ONLINE_SPREAD_MS
  }

  /** Said to be gone, or just tried all the same: again in a while, in case that is wrong. */
  probed(): void {
    this.#probedAt = this.#ports.clock.now()
  }

  /** When an automatic attempt makes sense. */
  notBefore(now: number): number {
    if (this.isOnline) return plannedInstant(this.#onlineAt, now, ONLINE_SPREAD_MS)
    return plannedInstant(this.#probedAt + OFFLINE_PROBE_MS, now, OFFLINE_PROBE_MS)
  }
}
