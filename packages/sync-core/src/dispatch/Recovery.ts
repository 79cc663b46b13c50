import type { SingleRecord } from '../mutation/MutationRecord.js'
import { causeOf } from '../retry/causeOf.js'
import type { Outcome } from '../retry/classifyOutcome.js'

const NEVER = Number.NEGATIVE_INFINITY
const REACHED = 'reached'
const WORKS = 'works'
/** Between attempts of one that keeps failing while others get through: doubled each time, up to a quarter of an hour. */
const PACE_MS = 1_000
const LONGEST_PACE_MS = 15 * 60_000

type Waiting = Pick<SingleRecord, 'id' | 'action' | 'probes' | 'lastError'>

/**
 * Evidence that what mutations wait for is over: an answer to a request that was sent after they failed hastens all
 * that wait for the same cause. The platform's hints do so too, until an attempt shows otherwise. Evidence is only as
 * old as its request: what failed after that was sent has not been told anything.
 */
export class Recovery {
  /** When the request was sent that showed it: `reached` the server, the server `works`, or the action of that name does. */
  readonly #shownAt = new Map<string, number>()
  #hintedAt = NEVER
  /** How often those failed that were hastened: theirs may be a cause of their own. */
  readonly #failures = new Map<string, number>()

  /** When the platform last said that it may be worth trying, and nothing has refuted it. */
  get hintedAt(): number {
    return this.#hintedAt
  }

  hint(now: number): void {
    this.#hintedAt = now
  }

  /** What an attempt came to. @param record as it was sent @param sentAt epoch ms */
  note(record: Waiting, outcome: Outcome, { sentAt, now }: { sentAt: number; now: number }): void {
    this.#forgetFuture(now)
    const proof = proofOf(outcome)
    if (proof === 'works') this.#failures.delete(record.id)
    else if (this.#isHastened(record, now)) this.#failures.set(record.id, (this.#failures.get(record.id) ?? 0) + 1)
    if (proof !== 'works' && sentAt >= this.#hintedAt) this.#hintedAt = NEVER
    const shown = proof === 'works' ? [REACHED, WORKS, `${WORKS} ${record.action}`] : proof === 'reached' ? [REACHED] : []
    for (const what of shown) this.#shownAt.set(what, Math.max(this.#when(what), sentAt))
  }

  /** When it may be tried before its time, because what it waits for seems to be over; Infinity: nothing says so. */
  hastenedTo(record: Waiting, now: number): number {
    if (!this.#isHastened(record, now)) return Number.POSITIVE_INFINITY
    const failures = this.#failures.get(record.id) ?? 0
    const failedAt = failedAtOf(record, now)
    return failures === 0 ? failedAt : failedAt + Math.min(LONGEST_PACE_MS, PACE_MS * 2 ** (failures - 1))
  }

  #isHastened(record: Waiting, now: number): boolean {
    return this.#evidenceFor(record) > failedAtOf(record, now)
  }

  #evidenceFor({ lastError, action, probes }: Waiting): number {
    if (lastError === null) return NEVER
    const wasAsked = lastError.retryAfterMs !== undefined
    // Whoever said when to come is not overruled by a hint, and what is blocked is probed by one alone.
    const hintedAt = wasAsked || probes !== null ? NEVER : this.#hintedAt
    switch (causeOf(lastError)) {
      case 'way':
        return Math.max(this.#when(REACHED), hintedAt)
      case 'server':
        return Math.max(this.#when(WORKS), hintedAt)
      case 'action':
        // A limit was told to each by itself; an open circuit breaker is open for all.
        return lastError.status === 429 && wasAsked ? NEVER : this.#when(`${WORKS} ${action}`)
      case 'own':
        return NEVER
    }
  }

  #when(what: string): number {
    return this.#shownAt.get(what) ?? NEVER
  }

  // The clock stepped back: what was noted then would be news for as long as it was wrong.
  #forgetFuture(now: number): void {
    if (this.#hintedAt > now) this.#hintedAt = NEVER
    for (const [what, at] of this.#shownAt) if (at > now) this.#shownAt.delete(what)
  }
}

/** An instant in the future was written before the clock stepped back. */
export function failedAtOf({ lastError }: Pick<SingleRecord, 'lastError'>, now: number): number {
  return lastError === null || lastError.at > now ? 0 : lastError.at
}

/** The server itself answered. */
export function isAnswered(outcome: Outcome): boolean {
  return outcome.kind !== 'transport' || (outcome.status !== null && outcome.code !== 'NO_ECHO')
}

/** What an outcome proves beyond its own mutation. */
function proofOf(outcome: Outcome): 'works' | 'reached' | 'nothing' {
  if (!isAnswered(outcome)) return 'nothing'
  return TROUBLE.has(outcome.kind) ? 'reached' : 'works'
}

const TROUBLE: ReadonlySet<Outcome['kind']> = new Set(['transport', 'pause', 'unauthenticated', 'actor-mismatch'])
