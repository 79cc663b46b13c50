import type { Clock } from '../ports/Clock.js'
import { LONGEST_WAIT_MS, plannedInstant } from '../retry/backoff.js'
import { type Outcome, pauseScope } from '../retry/classifyOutcome.js'

interface Pause {
  since: number
  until: number
  /** The server's circuit breaker is open. */
  isCircuit: boolean
  /** Whoever answered said how long; else it is as long as the backoff of what it refused. */
  isAsked: boolean
}

/** What an answer says about a pause. */
interface Asking {
  status: number
  code: string
  retryAfterMs: number | null
}

/** What the server, or a proxy before it, asked to leave alone for a while: the whole origin, or one action. */
export class Pauses {
  readonly #clock: Clock
  readonly #actions = new Map<string, Pause>()
  #origin: Pause | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Until when nothing of this action may be sent; 0: it may. */
  until(action: string): number {
    return Math.max(this.#end(this.#origin), this.#end(this.#actions.get(action)))
  }

  /** Until when the server refuses this action because of its circuit breaker. */
  circuitUntil(action: string): number | null {
    const pause = this.#actions.get(action)
    const until = pause?.isCircuit ? this.#end(pause) : 0
    return until > this.#clock.now() ? until : null
  }

  /** An answer asked for one. @param until when its own mutation is tried again */
  begin(action: string, { status, code, retryAfterMs }: Asking, until: number): void {
    const scope = pauseScope(status, code)
    const pause = { since: this.#clock.now(), until, isCircuit: code === 'CIRCUIT_BREAKER_OPEN', isAsked: retryAfterMs !== null }
    if (scope === 'origin') this.#origin = pause
    if (scope === 'action') this.#actions.set(action, pause)
  }

  /** A request that was sent then went well: a pause that had begun before is over. */
  end(action: string, sentAt: number): void {
    if (this.#origin !== undefined && this.#origin.since < sentAt) this.#origin = undefined
    if ((this.#actions.get(action)?.since ?? sentAt) < sentAt) this.#actions.delete(action)
  }

  /** The platform says that it may be worth trying: what nobody asked for need not be waited for. */
  hint(): void {
    if (this.#origin?.isAsked === false) this.#origin = undefined
  }

  #end(pause: Pause | undefined): number {
    return plannedInstant(pause?.until ?? 0, this.#clock.now(), LONGEST_WAIT_MS)
  }
}

/** What an outcome asks to pause for, when it does. */
export function askedPause(outcome: Outcome): Asking | undefined {
  if (outcome.kind === 'pause') return outcome
  if (outcome.kind !== 'transport' || outcome.retryAfterMs === null || outcome.status === null) return undefined
  const { status, code, retryAfterMs } = outcome
  return { status, code, retryAfterMs }
}
