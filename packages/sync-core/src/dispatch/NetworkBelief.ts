import type { Clock } from '../ports/Clock.js'
import type { Connectivity, ConnectivityEvent } from '../ports/Connectivity.js'
import type { Random } from '../ports/Random.js'
import { plannedInstant } from '../retry/backoff.js'

/** Between attempts made although the platform says that there is no network: it is sometimes wrong. */
export const OFFLINE_PROBE_MS = 30_000
/** All clients of an office come back at the same moment. */
const ONLINE_SPREAD_MS = 2_000

export interface NetworkBeliefOptions {
  clock: Clock
  random: Random
  connectivity: Connectivity
}

/**
 * What the platform says about the network, against what requests came to: it delays attempts and never forbids them,
 * and one answer of the server ends it, until the platform says it once more or a request gets no answer again.
 */
export class NetworkBelief {
  readonly #options: NetworkBeliefOptions
  #isRefuted = false
  #onlineAt = 0
  #triedAt: number

  constructor(options: NetworkBeliefOptions) {
    this.#options = options
    this.#triedAt = options.clock.now()
  }

  get isOffline(): boolean {
    return !this.#isRefuted && !this.#options.connectivity.isOnline()
  }

  /** When an automatic attempt makes sense at all: offline, one in half a minute. */
  get quietUntil(): number {
    const now = this.#options.clock.now()
    if (!this.isOffline) return plannedInstant(this.#onlineAt, now, ONLINE_SPREAD_MS)
    return plannedInstant(this.#triedAt + OFFLINE_PROBE_MS, now, OFFLINE_PROBE_MS)
  }

  /** Something is being sent; while offline the next one is tried in a while. */
  noteAttempt(): void {
    this.#triedAt = this.#options.clock.now()
  }

  /** @param reached the server answered; false: nothing did */
  note(reached: boolean): void {
    this.#isRefuted = reached
  }

  /** The network is said to be back: soon, but not all at once. Or gone: again in a while, in case that is wrong. */
  hear(event: ConnectivityEvent): void {
    const { clock, random } = this.#options
    if (event === 'online') this.#onlineAt = clock.now() + random.uniform() * ONLINE_SPREAD_MS
    if (event !== 'offline') return
    this.#isRefuted = false
    this.#triedAt = clock.now()
  }
}
