import type { MutationRecord } from '../mutation/MutationRecord.js'
import { LONGEST_WAIT_MS, plannedInstant } from '../retry/backoff.js'
import type { Outcome } from '../retry/classifyOutcome.js'
import type { Decision } from '../retry/decideRetry.js'

const TRANSPORT_FAILURES = 5

/** What the answers so far say about the server: who should rest, and how much it bears at once. */
export class Pauses {
  readonly #actions = new Map<string, { until: number; isCircuit: boolean }>()
  readonly #limit: number
  #originUntil = 0
  #failures = 0
  #succeededAt: number | null = null

  /** @param parallel requests at once while all is well */
  constructor(parallel: number) {
    this.#limit = parallel
  }

  /** Requests at once; one probe at a time after five transport failures in a row. */
  get parallel(): number {
    return this.#failures >= TRANSPORT_FAILURES ? 1 : this.#limit
  }

  /** When the last authoritative answer came. */
  get succeededAt(): number | null {
    return this.#succeededAt
  }

  notBefore(action: string, now: number): number {
    const until = Math.max(this.#originUntil, this.#actions.get(action)?.until ?? 0)
    return plannedInstant(until, now, LONGEST_WAIT_MS)
  }

  /** Until when the server refuses this action because of its circuit breaker. */
  circuitUntil(action: string, now: number): number | null {
    const pause = this.#actions.get(action)
    const until = pause?.isCircuit ? plannedInstant(pause.until, now, LONGEST_WAIT_MS) : 0
    return until > now ? until : null
  }

  note(record: MutationRecord, outcome: Outcome, decision: Decision, now: number): void {
    if (outcome.kind === 'transport' && outcome.strike !== 'server') {
      if (outcome.strike === null) this.#failures += 1
      return
    }
    this.#failures = 0
    if (outcome.kind !== 'pause') {
      this.#succeededAt = now
      if (outcome.kind === 'success') this.#actions.delete(record.action)
      return
    }
    const until = decision.next === 'retry' ? (decision.at ?? now) : now
    if (outcome.scope === 'origin') this.#originUntil = until
    if (outcome.scope === 'action') this.#actions.set(record.action, { until, isCircuit: outcome.code === 'CIRCUIT_BREAKER_OPEN' })
  }

  /** Forget what the server asked for: a person wants to try now. */
  clear(): void {
    this.#actions.clear()
    this.#originUntil = 0
  }
}
