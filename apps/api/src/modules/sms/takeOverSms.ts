import { setTimeout as wait } from 'node:timers/promises'
import type { RequestOf, smsSend } from '@org/contracts'
import type { Database } from '../../engine/database/Database.js'
import type { ActionAnswer, ActionCall, ActionOptions, Refusal } from '../../engine/ledger/ActionCall.js'
import { findAnswer } from '../../engine/ledger/findAnswer.js'
import type { TwilioCircuitBreaker } from './breaker/TwilioCircuitBreaker.js'
import type { PhoneNormaliser } from './PhoneNormaliser.js'
import type { SmsDispatcher } from './SmsDispatcher.js'
import { sendSms } from './sendSms.js'

type SmsCall = ActionCall<RequestOf<typeof smsSend>>

export interface TakeOverSmsOptions {
  database: Database
  toE164: PhoneNormaliser
  breaker: TwilioCircuitBreaker
  /** Null when no carrier is configured: rows then wait as `pending`. */
  dispatcher: SmsDispatcher | null
  /** How long a request waits for the carrier before it answers 202. @default 3_000 */
  waitMs?: number
  onDispatchError?: (error: unknown) => void
}

/**
 * Runs `sms.send`: asks the circuit, lets the ledger transaction decide, and waits a little for the
 * carrier, so that the first answer is normally the final one. Once the row is committed nothing here
 * can refuse it any more: whatever fails, the answer is what the row says.
 */
export function createTakeOverSms(options: TakeOverSmsOptions): (call: SmsCall, options?: ActionOptions) => Promise<ActionAnswer> {
  const { database, toE164, breaker, dispatcher, waitMs = 3_000, onDispatchError = () => undefined } = options

  return async (call, { refusal: quota = null, ...options } = {}) => {
    const refusal = quota ?? circuitRefusal(breaker)
    const isProbe = refusal === null && breaker.getState() !== 'CLOSED'
    try {
      const answer = await sendSms({ database, toE164 }, call, { ...options, refusal })
      if (answer.status !== 202 || answer.ref === null || dispatcher === null) return answer
      await dispatchWithin(dispatcher, answer.ref)
      // What was committed stays true when the ledger cannot be asked just now. Asking it is no replay of this arrival.
      const final = await findAnswer(database, call).catch(() => null)
      return final === null ? answer : { ...final, replayed: answer.replayed }
    } finally {
      if (isProbe) breaker.giveBack()
    }
  }

  async function dispatchWithin(by: SmsDispatcher, id: string): Promise<void> {
    const late = new AbortController()
    const sent = by.dispatch(id).catch(onDispatchError)
    await Promise.race([sent, wait(waitMs, undefined, { signal: late.signal }).catch(() => undefined)])
    late.abort()
  }
}

function circuitRefusal(breaker: TwilioCircuitBreaker): Refusal | null {
  const refused = breaker.refuse()
  return refused === null ? null : { code: 'CIRCUIT_BREAKER_OPEN', retryAfterMs: refused.retryAfterMs }
}
