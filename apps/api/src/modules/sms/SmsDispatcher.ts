import { inSpan } from '../../engine/telemetry/spans.js'
import { LONGEST_OPEN_MS } from './breaker/openForMs.js'
import type { TwilioCircuitBreaker } from './breaker/TwilioCircuitBreaker.js'
import { type CallResult, judgeCarrierAnswer, type SmsVerdict } from './judgeCarrierAnswer.js'
import { postponeMs, untilNextDayMs } from './postponeMs.js'
import type { SmsCarrier } from './SmsCarrier.js'
import type { SmsEvents } from './SmsEvents.js'
import type { ClaimedSms, SmsOutbox } from './SmsOutbox.js'
import { countSegments } from './segments.js'

export interface SmsDispatcherOptions {
  outbox: SmsOutbox
  carrier: SmsCarrier
  breaker: TwilioCircuitBreaker
  /** Where the carrier reports what became of an attempt; null when it cannot reach us. */
  statusCallback: (sms: { id: string; attempt: number }) => string | null
  events?: SmsEvents
  /** Longest a carrier call takes. A call begins only while the lease outlives it. @default 7_000 */
  callTimeoutMs?: number
  /** @default 15_000 */
  leaseMs?: number
  /** Calls at once in this process; a row beyond it waits for the loop. @default 32 */
  concurrency?: number
  /** Milliseconds that only grow. @default performance.now */
  now?: () => number
}

const BATCH = 20

/**
 * Hands SMS rows to the carrier. `sending` is committed before each call and the outcome after it, so
 * whatever dies in between, the row says what may have happened.
 */
export class SmsDispatcher {
  readonly #options: Required<Omit<SmsDispatcherOptions, 'events'>> & { events: SmsEvents }
  /** Sends under way in this process, by row id. */
  readonly #sending = new Map<string, Promise<void>>()

  constructor({ events = {}, ...options }: SmsDispatcherOptions) {
    this.#options = { callTimeoutMs: 7_000, leaseMs: 15_000, concurrency: 32, now: () => performance.now(), events, ...options }
  }

  get inFlight(): number {
    return this.#sending.size
  }

  /** Sends one row now if it is due; resolves when its attempt has ended, also when another arrival began it. */
  dispatch(id: string): Promise<void> {
    const underWay = this.#sending.get(id)
    if (underWay !== undefined) return underWay
    if (this.#sending.size >= this.#options.concurrency) return Promise.resolve()
    return this.#track(id, this.#claimAndSend(id))
  }

  /** Sends what is due, as far as the circuit and the concurrency allow. Resolves to how many attempts were begun. */
  async dispatchDue(): Promise<number> {
    const { outbox, breaker, leaseMs, concurrency, now } = this.#options
    const room = Math.min(BATCH, concurrency - this.#sending.size)
    if (room < 1 || breaker.refuse() !== null) return 0
    const probing = breaker.getState() !== 'CLOSED'
    const claimedAt = now()
    const claimed = await outbox.claimDue({ leaseMs, limit: probing ? 1 : room })
    if (probing && claimed.length === 0) breaker.giveBack()
    await Promise.all(claimed.map((sms) => this.#track(sms.id, this.#send(sms, claimedAt))))
    return claimed.length
  }

  /** Resolves when no attempt is under way. */
  async drained(): Promise<void> {
    while (this.#sending.size > 0) await Promise.allSettled(this.#sending.values())
  }

  #track(id: string, work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => this.#sending.delete(id))
    this.#sending.set(id, tracked)
    return tracked
  }

  async #claimAndSend(id: string): Promise<void> {
    const claimedAt = this.#options.now()
    const sms = await this.#options.outbox.claimOne(id, { leaseMs: this.#options.leaseMs })
    if (sms !== null) await this.#send(sms, claimedAt)
  }

  async #send(sms: ClaimedSms, claimedAt: number): Promise<void> {
    const { outbox, breaker, callTimeoutMs, leaseMs, now, events } = this.#options
    // A call that outlives its lease would race the next owner. The process may have slept since the claim.
    if (claimedAt + leaseMs - now() <= callTimeoutMs) {
      events.onLeaseTooShort?.(sms.id)
      return void (await outbox.postpone(sms, { retryAfterMs: 0, reason: 'lease-too-short' }))
    }
    const verdict = await breaker.execute(() => this.#call(sms))
    if (verdict === null) return void (await outbox.postpone(sms, { retryAfterMs: this.#untilOpen(), reason: 'breaker-open' }))
    events.onVerdict?.(sms.id, verdict)
    if (verdict.kind === 'accepted') events.onSegments?.(countSegments(sms.message).segments)
    if (!(await this.#record(sms, verdict))) events.onLeaseLost?.(sms.id, verdict)
  }

  async #call(sms: ClaimedSms): Promise<SmsVerdict> {
    const { carrier, statusCallback } = this.#options
    const attributes = { 'app.sms': sms.id, 'app.attempt': sms.attempt }
    return inSpan('sms attempt', { kind: 'client', attributes, orphanOf: sms.traceparent }, async (span) => {
      const result: CallResult = await carrier
        .send({ to: sms.to, body: sms.message, validitySeconds: sms.validitySeconds, statusCallback: statusCallback(sms) })
        .catch((error: unknown) => ({ error }))
      const verdict = judgeCarrierAnswer(result)
      span.setAttribute('app.verdict', verdict.kind)
      return verdict
    })
  }

  #record(sms: ClaimedSms, verdict: SmsVerdict): Promise<boolean> {
    const { outbox } = this.#options
    switch (verdict.kind) {
      case 'accepted':
        return outbox.markAccepted(sms, { sid: verdict.sid })
      case 'failed':
        return outbox.markFailed(sms, verdict)
      case 'postpone':
        return outbox.postpone(sms, { retryAfterMs: waitAfter(sms, verdict), reason: verdict.reason })
      case 'indeterminate':
        return outbox.markIndeterminate(sms, { reason: verdict.reason })
    }
  }

  #untilOpen(): number {
    const { retryAt } = this.#options.breaker.status()
    return retryAt === undefined ? postponeMs(1) : Math.min(LONGEST_OPEN_MS, Math.max(0, Date.parse(retryAt) - Date.now()))
  }
}

function waitAfter(sms: ClaimedSms, { until }: { until?: 'next-day' }): number {
  const waitMs = until === 'next-day' ? untilNextDayMs(Date.now()) : postponeMs(sms.attempt)
  // Not beyond the click's deadline: then the row must be seen once more, to say that it has expired.
  return Math.min(waitMs, sms.validitySeconds * 1_000)
}
