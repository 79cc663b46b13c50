import { HEADERS } from '@org/contracts'
import type { RequestHandler, Response } from 'express'
import { markRecorded } from '../idempotency/idempotencyContext.js'
import { setRecordedHeaders } from '../idempotency/sendStoredAnswer.js'
import { sendText, setRetryAfter } from '../middleware/sendAnswer.js'
import type { ActionAnswer, ActionCall } from '../services/ActionCall.js'
import { arrivalOf } from './arrival.js'
import { judgeArrival } from './judgeArrival.js'

export interface RunArrivalOptions {
  /** Asks the ledger what was answered to this key; null when it does not know it. */
  findAnswer: (keyed: Pick<ActionCall, 'caller' | 'key' | 'fingerprint'>) => Promise<ActionAnswer | null>
  onForeignFingerprint?: () => void
}

/**
 * Carries an action out, or refuses it. With a key, nothing is refused before the ledger was asked: a
 * recorded outcome wins over a shape, a person or a header that would be refused today.
 */
export function runArrival({ findAnswer, onForeignFingerprint }: RunArrivalOptions): RequestHandler {
  return async (_req, res) => {
    const arrival = arrivalOf(res)
    const judgement = judgeArrival(arrival)
    if ('call' in judgement) return send(await arrival.route.run(judgement.call), res)
    const known = await findAnswer({ caller: arrival.caller, key: arrival.headers.key, fingerprint: arrival.fingerprint })
    if (known === null) throw judgement.refusal
    send(known, res)
  }

  function send(answer: ActionAnswer, res: Response): void {
    if (answer.fingerprintUnknown) onForeignFingerprint?.()
    sendActionAnswer(res, answer)
  }
}

/** Sends what the ledger transaction answered: its bytes, and what a client may conclude from them. */
export function sendActionAnswer(res: Response, answer: ActionAnswer): void {
  markRecorded(res, answer.recorded)
  if (answer.recorded) setRecordedHeaders(res)
  if (answer.replayed) res.setHeader(HEADERS.idempotentReplayed, 'true')
  setRetryAfter(res, answer.retryAfterMs)
  sendText(res, answer)
}
