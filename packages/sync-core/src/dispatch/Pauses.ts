import type { Clock } from '../ports/Clock.js'
import { type Outcome, pauseScope } from '../retry/classifyOutcome.js'

/** Why and how long an action rests. */
export interface Rest {
  until: number
  /** The server's circuit breaker is open. */
  isCircuit: boolean
}

interface Pause extends Rest {
  since: number
  /** Whoever answered said how long; else it is as long as the backoff of what it refused. */
  isAsked: boolean
}

/** What rests when it is not one action alone. */
const ORIGIN = ''

/** What the server, or a proxy before it, asked to leave alone for a while: the whole origin, or one action. */
export class Pauses {
  readonly #clock: Clock
  readonly #pauses = new Map<string, Pause>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Until when nothing of this action may be sent; 0: it may. */
  until(action: string): number {
    return Math.max(this.#end(ORIGIN), this.#end(action))
  }

  /** What nothing of this action is sent because of; undefined: nothing is. */
  of(action: string): Rest | undefined {
    const until = this.until(action)
    return until > this.#clock.now() ? { until, isCircuit: this.#pauses.get(action)?.isCircuit === true } : undefined
  }

  /** Heeds an answer that asks for one. @param until when its own mutation is tried again @returns whether it does */
  note(action: string, outcome: Outcome, until: number): boolean {
    // A proxy may ask for one too.
    const isAsking = outcome.kind === 'pause' || (outcome.kind === 'transport' && outcome.retryAfterMs !== null)
    if (!isAsking || outcome.status === null) return false
    const { status, code, retryAfterMs } = outcome
    const scope = pauseScope(status, code)
    if (scope === 'own') return false
    const pause = { since: this.#clock.now(), until, isCircuit: code === 'CIRCUIT_BREAKER_OPEN', isAsked: retryAfterMs !== null }
    this.#pauses.set(scope === 'server' ? ORIGIN : action, pause)
    return true
  }

  /** A request that was sent then went well: a pause that had begun before is over. @returns whether there was one */
  end(action: string, sentAt: number): boolean {
    const over = [ORIGIN, action].filter((scope) => (this.#pauses.get(scope)?.since ?? sentAt) < sentAt)
    for (const scope of over) this.#pauses.delete(scope)
    return over.length > 0
  }

  /** The platform says that it may be worth trying from then on: what nobody asked for need not be waited for any longer. */
  hint(until: number): void {
    const since = this.#clock.now()
    const pause = this.#pauses.get(ORIGIN)
    if (!pause?.isAsked || pause.until <= since) this.#pauses.set(ORIGIN, { since, until, isCircuit: false, isAsked: false })
  }

  // One that began in the future was asked for before the clock stepped back.
  #end(scope: string): number {
    const pause = this.#pauses.get(scope)
    return pause !== undefined && pause.since <= this.#clock.now() ? pause.until : 0
  }
}
