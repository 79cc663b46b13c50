import type { Clock } from '../ports/Clock.js'
import type { Connectivity, ConnectivityEvent } from '../ports/Connectivity.js'
import type { Random } from '../ports/Random.js'
import { LONGEST_WAIT_MS, plannedInstant } from '../retry/backoff.js'
import type { Outcome } from '../retry/classifyOutcome.js'
import type { Decision } from '../retry/decideRetry.js'

const TRANSPORT_FAILURES = 5
/** Between attempts made although the browser says it is offline: it is sometimes wrong. */
const OFFLINE_PROBE_MS = 30_000
/** All clients of an office come back at the same moment. */
const ONLINE_SPREAD_MS = 2_000

export interface PausesOptions {
  clock: Clock
  random: Random
  connectivity: Connectivity
  /** Requests at once while all is well. */
  parallel: number
}

/**
 * When something may be sent, and how much at once: by what the answers so far say about the server, and by what the
 * platform believes about the network, which delays attempts and never forbids them.
 */
export class Pauses {
  readonly #options: PausesOptions
  readonly #actions = new Map<string, { until: number; isCircuit: boolean }>()
  #originUntil = 0
  #onlineAt = 0
  #probedAt: number
  #failures = 0
  #succeededAt: number | null = null

  constructor(options: PausesOptions) {
    this.#options = options
    this.#probedAt = options.clock.now()
  }

  /** Requests at once; one probe at a time while offline, and after five transport failures in a row. */
  get parallel(): number {
    return this.#failures >= TRANSPORT_FAILURES || !this.#isOnline ? 1 : this.#options.parallel
  }

  /** When the last authoritative answer came. */
  get succeededAt(): number | null {
    return this.#succeededAt
  }

  /** When an automatic attempt makes sense at all. */
  get quietUntil(): number {
    const now = this.#options.clock.now()
    if (this.#isOnline) return plannedInstant(this.#onlineAt, now, ONLINE_SPREAD_MS)
    return plannedInstant(this.#probedAt + OFFLINE_PROBE_MS, now, OFFLINE_PROBE_MS)
  }

  /** ... and one for this action. */
  notBefore(action: string): number {
    const until = Math.max(this.#originUntil, this.#actions.get(action)?.until ?? 0)
    return Math.max(this.quietUntil, plannedInstant(until, this.#options.clock.now(), LONGEST_WAIT_MS))
  }

  /** Until when the server refuses this action because of its circuit breaker. */
  circuitUntil(action: string): number | null {
    const now = this.#options.clock.now()
    const pause = this.#actions.get(action)
    const until = pause?.isCircuit ? plannedInstant(pause.until, now, LONGEST_WAIT_MS) : 0
    return until > now ? until : null
  }

  note(record: { action: string }, outcome: Outcome, decision: Decision): void {
    const now = this.#options.clock.now()
    if (outcome.kind === 'transport' && outcome.strike !== 'server') {
      if (outcome.strike === null) this.#failures += 1
      // A proxy's.
      if (outcome.retryAfterMs !== null) this.#rest(record, outcome.status === 429 ? 'action' : 'origin', decision)
      return
    }
    this.#failures = 0
    if (outcome.kind !== 'pause') {
      this.#succeededAt = now
      if (outcome.kind === 'success') this.#actions.delete(record.action)
      return
    }
    this.#rest(record, outcome.scope, decision, outcome.code === 'CIRCUIT_BREAKER_OPEN')
  }

  /** The network is said to be back: soon, but not all at once. Or gone: again in a while, in case that is wrong. */
  hear(event: ConnectivityEvent): void {
    const { clock, random } = this.#options
    if (event === 'online') this.#onlineAt = clock.now() + random.uniform() * ONLINE_SPREAD_MS
    if (event === 'offline') this.#probedAt = clock.now()
  }

  /** Something is about to be sent; while offline the next one is tried in a while. */
  noteAttempt(): void {
    this.#probedAt = this.#options.clock.now()
  }

  /** Forget what the server asked for: a person wants to try now. */
  clear(): void {
    this.#actions.clear()
    this.#originUntil = 0
  }

  #rest({ action }: { action: string }, scope: 'action' | 'mutation' | 'origin', decision: Decision, isCircuit = false): void {
    const now = this.#options.clock.now()
    const until = decision.next === 'retry' ? (decision.at ?? now) : now
    if (scope === 'origin') this.#originUntil = until
    if (scope === 'action') this.#actions.set(action, { until, isCircuit })
  }

  get #isOnline(): boolean {
    return this.#options.connectivity.isOnline()
  }
}
