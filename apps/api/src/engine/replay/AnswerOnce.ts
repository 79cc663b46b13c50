import { Refusal } from '../http/Refusal.js'
import type { ActionAnswer } from '../ledger/ActionCall.js'
import { inSpan } from '../telemetry/spans.js'
import { atMost } from '../time/atMost.js'
import { type Flight, Flights } from './Flights.js'
import type { CachedAnswer, ReplayCache } from './ReplayCache.js'

/** One request with a key. */
export interface KeyedArrival {
  /** Tenant, actor and key, so that one user's answer never reaches another. */
  id: string
  fingerprint: string
  /** Longest body that the cache keeps; a longer one is replayed by the ledger alone. Characters. */
  maxBody: number
  /** The client says that it never sent this key before: then there is nothing to look for. Only a hint. */
  isFirstAttempt: boolean
}

/** What is told about it. */
export interface ReplayEvents {
  /** `cache` and `flight`: answered by a copy; `in-progress`: the first one takes too long; `new`: the ledger was asked. */
  onArrival?: (outcome: 'new' | 'cache' | 'flight' | 'in-progress') => void
  onCacheError?: (verb: keyof ReplayCache, error: unknown) => void
}

export interface AnswerOnceOptions extends ReplayEvents {
  cache: ReplayCache
  /** How long a duplicate waits for the first one in this process. Milliseconds > 0. @default 5_000 */
  flightWaitMs?: number
}

/**
 * Keeps duplicates away from the ledger where a copy answers them: one that is under way in this process, or one that
 * has just ended. It decides nothing: what no copy answers goes on, and the ledger is the only lock.
 */
export class AnswerOnce {
  readonly #options: AnswerOnceOptions
  readonly #flights = new Flights<ActionAnswer>()

  constructor(options: AnswerOnceOptions) {
    this.#options = options
  }

  /**
   * The answer to this arrival.
   * @param run asks the ledger, which decides
   * @throws {Refusal} IDEMPOTENCY_IN_PROGRESS when the first one takes longer than a duplicate may wait
   */
  async answer(arrival: KeyedArrival, run: () => Promise<ActionAnswer>): Promise<ActionAnswer> {
    const flight = this.#flights.find(arrival.id)
    if (flight === undefined) return this.#flights.begin(arrival.id, arrival.fingerprint, () => this.#carryOut(arrival, run))
    if (flight.fingerprint === arrival.fingerprint) return this.#join(flight)
    // Another body under the same key: what that is worth, the ledger knows once the first one has ended.
    await this.#wait(flight.landed.catch(() => undefined).then(() => true))
    return this.answer(arrival, run)
  }

  async #join({ landed }: Flight<ActionAnswer>): Promise<ActionAnswer> {
    const answer = await this.#wait(landed)
    this.#options.onArrival?.('flight')
    return { ...answer, replayed: true }
  }

  async #wait<T>(landed: Promise<T>): Promise<T> {
    const answer = await atMost(landed, this.#options.flightWaitMs ?? 5_000)
    if (answer !== null) return answer
    this.#options.onArrival?.('in-progress')
    throw new Refusal('IDEMPOTENCY_IN_PROGRESS', { retryAfterMs: 1_000 })
  }

  async #carryOut(arrival: KeyedArrival, run: () => Promise<ActionAnswer>): Promise<ActionAnswer> {
    const cached = arrival.isFirstAttempt ? null : await this.#look(arrival)
    if (cached !== null) {
      this.#options.onArrival?.('cache')
      return replayOf(cached)
    }
    this.#options.onArrival?.('new')
    const answer = await run()
    this.#keep(arrival, answer)
    return answer
  }

  /** Another body, or one that cannot be compared, is the ledger's to judge. */
  async #look({ id, fingerprint }: KeyedArrival): Promise<CachedAnswer | null> {
    const cached = await inSpan('replay cache', { kind: 'client' }, () => this.#options.cache.look(id)).catch((error) =>
      this.#failed('look', error),
    )
    return cached?.fingerprint === fingerprint ? cached : null
  }

  #keep({ id, fingerprint, maxBody }: KeyedArrival, { status, body, recorded }: ActionAnswer): void {
    // A 202 is computed from the row each time until that has an end.
    if (!recorded || status === 202 || body.length > maxBody) return
    this.#options.cache.put(id, { fingerprint, status, body }).catch((error) => this.#failed('put', error))
  }

  #failed(verb: keyof ReplayCache, error: unknown): null {
    this.#options.onCacheError?.(verb, error)
    return null
  }
}

function replayOf({ status, body }: CachedAnswer): ActionAnswer {
  return { status, body, replayed: true, recorded: true, retryAfterMs: null, ref: null, fingerprintUnknown: false, reason: null }
}
