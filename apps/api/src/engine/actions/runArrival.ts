import { HEADERS } from '@org/contracts'
import type { RequestHandler, Response } from 'express'
import { sendText, setRetryAfter } from '../http/sendAnswer.js'
import { markRecorded } from '../idempotency/idempotencyContext.js'
import { setRecordedHeaders } from '../idempotency/sendStoredAnswer.js'
import type { ActionAnswer, ActionCall } from '../ledger/ActionCall.js'
import type { ActionQuota } from '../limits/ActionQuota.js'
import { arrivalOf } from './arrival.js'
import { judgeArrival } from './judgeArrival.js'

export interface RunArrivalOptions {
  /** Asks the ledger what was answered to this key; null when it does not know it. */
  findAnswer: (keyed: Pick<ActionCall, 'caller' | 'key' | 'fingerprint'>) => Promise<ActionAnswer | null>
  /** The quota of an action; null when it has none. */
  quotaOf: (actionName: string) => ActionQuota | null
  onForeignFingerprint?: () => void
}

/**
 * Carries an action out, or refuses it. With a key, nothing is refused before the ledger was asked: a
 * recorded outcome wins over a shape, a person, a header or a quota that would be refused today.
 */
export function runArrival({ findAnswer, quotaOf, onForeignFingerprint }: RunArrivalOptions): RequestHandler {
  return async (_req, res) => {
    const arrival = arrivalOf(res)
    const judgement = judgeArrival(arrival)
    if ('call' in judgement) {
      send(res, await runWithinQuota(judgement.call))
      return
    }
    const known = await findAnswer({ caller: arrival.caller, key: arrival.headers.key, fingerprint: arrival.fingerprint })
    if (known === null) throw judgement.refusal
    send(res, known)

    async function runWithinQuota(call: ActionCall): Promise<ActionAnswer> {
      const quota = quotaOf(call.actionName)
      if (quota === null) return arrival.route.run(call, {})
      const answer = await arrival.route.run(call, { refusal: await quota.take(call.caller) })
      if (!isNewEffect(answer)) await quota.giveBack(call.caller)
      return answer
    }
  }

  function send(res: Response, answer: ActionAnswer): void {
    if (answer.fingerprintUnknown) onForeignFingerprint?.()
    setRouteHeaders(res)
    sendActionAnswer(res, answer)
  }
}

/** The headers an action's route adds to its answers. */
export function setRouteHeaders(res: Response): void {
  const headers = arrivalOf(res).route.headers?.() ?? {}
  for (const name of Object.keys(headers)) res.setHeader(name, headers[name] ?? '')
}

function isNewEffect(answer: ActionAnswer): boolean {
  return !answer.replayed && (answer.recorded || answer.status < 300)
}

/** Sends what the ledger transaction answered: its bytes, and what a client may conclude from them. */
function sendActionAnswer(res: Response, answer: ActionAnswer): void {
  markRecorded(res, answer.recorded)
  if (answer.recorded) setRecordedHeaders(res)
  if (answer.replayed) res.setHeader(HEADERS.idempotentReplayed, 'true')
  setRetryAfter(res, answer.retryAfterMs)
  sendText(res, answer)
}
