import type { TwilioCircuitBreaker } from './breaker/TwilioCircuitBreaker.js'
import { failureReason, judgeCarrierAnswer } from './judgeCarrierAnswer.js'
import { pauseAfterMs } from './pauseAfterMs.js'
import type { SmsCarrier } from './SmsCarrier.js'
import type { LookUpOutcome, SmsEvents } from './SmsEvents.js'
import type { SmsOutbox, UnreportedSms } from './SmsOutbox.js'

export interface SmsLookUpOptions {
  outbox: SmsOutbox
  carrier: SmsCarrier
  breaker: Pick<TwilioCircuitBreaker, 'getState'>
  events?: SmsEvents
  /** How long a row is this process's to ask for; longer than the carrier's timeout. @default 15_000 */
  leaseMs?: number
  /** Rows asked for in one turn. @default 10 */
  batch?: number
  /** Milliseconds that only grow. @default performance.now */
  now?: () => number
}

/**
 * Asks the carrier for the end of SMS that it took and nobody has told the end of: a callback that is lost hardly comes
 * again. A carrier that does not answer is left alone for a while, whatever is due.
 */
export class SmsLookUp {
  readonly #options: Required<Omit<SmsLookUpOptions, 'events'>> & { events: SmsEvents }
  #failedTurns = 0
  #pausedUntil = Number.NEGATIVE_INFINITY

  constructor({ events = {}, ...options }: SmsLookUpOptions) {
    this.#options = { leaseMs: 15_000, batch: 10, now: () => performance.now(), events, ...options }
  }

  /** Asks for what is due, a few at once. Resolves to how many were asked for. */
  async lookUpDue(): Promise<number> {
    const { outbox, leaseMs, now } = this.#options
    const limit = this.#room()
    if (limit === 0) return 0
    const rows = await outbox.claimUnreported({ leaseMs, limit })
    const outcomes = await Promise.all(rows.map((sms) => this.#lookUp(sms)))
    if (outcomes.length === 0) return 0
    this.#failedTurns = outcomes.includes('failed') ? this.#failedTurns + 1 : 0
    if (this.#failedTurns > 0) this.#pausedUntil = now() + pauseAfterMs(this.#failedTurns)
    return rows.length
  }

  /** While the circuit is open nothing is asked; half-open, one row, as the circuit does. */
  #room(): number {
    const { breaker, batch, now } = this.#options
    const state = breaker.getState()
    if (state === 'OPEN' || now() < this.#pausedUntil) return 0
    return state === 'CLOSED' && this.#failedTurns === 0 ? batch : 1
  }

  async #lookUp(sms: UnreportedSms): Promise<LookUpOutcome> {
    const { carrier, outbox, events } = this.#options
    const fate = await carrier.lookUp(sms.sid).catch(noFate)
    if (fate !== null && 'failed' in fate) {
      events.onLookedUp?.(sms.id, 'failed', fate.failed)
      return 'failed'
    }
    const result = await outbox.takeLookedUp(sms, fate)
    if (result === 'second-sid') events.onSecondSid?.(sms.id)
    const outcome = fate === null ? 'not-known' : result === 'applied' ? 'news' : 'no-news'
    events.onLookedUp?.(sms.id, outcome)
    return outcome
  }
}

/** Null: what the carrier refuses is this message, which it does not know (any more); else there was no answer to the question. */
function noFate(error: unknown): { failed: string } | null {
  return judgeCarrierAnswer({ error }).kind === 'failed' ? null : { failed: failureReason(error) }
}
