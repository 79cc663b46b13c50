import { HEADERS } from '@org/contracts'
import type { RequestHandler, Response } from 'express'
import type { FairShare, Share } from '../fairness/FairShare.js'
import { tookTooLong } from '../http/answerWithin.js'
import { toFault } from '../http/errorAnswer.js'
import { Refusal } from '../http/Refusal.js'
import { sendText } from '../http/sendAnswer.js'
import type { ActionAnswer, ActionCall, ActionOptions, InTurn } from '../ledger/ActionCall.js'
import { recordedHeaders } from '../ledger/recordedHeaders.js'
import type { ActionQuota } from '../limits/ActionQuota.js'
import type { AnswerOnce } from '../replay/AnswerOnce.js'
import { afterWait } from '../telemetry/spans.js'
import { atMost } from '../time/atMost.js'
import type { ActionRoute } from './ActionRoute.js'
import { type Arrival, arrivalOf, keyedArrivalOf } from './arrival.js'
import { judgeArrival } from './judgeArrival.js'

export interface RunArrivalOptions {
  /** Keeps duplicates away from the ledger where a copy answers them. */
  once: AnswerOnce
  /** Asks the ledger what was answered to this key; null when it does not know it. */
  findAnswer: (keyed: Pick<ActionCall, 'caller' | 'key' | 'fingerprint'>) => Promise<ActionAnswer | null>
  /** Keeps one organisation, lane or kind from taking the database from everybody. */
  fairShare: FairShare
  /** The quota of an action; null when it has none. */
  quotaOf: (actionName: string) => ActionQuota | null
  /** Longest wait for an answer once the body is there; what runs goes on. Milliseconds > 0. */
  limitMs: number
  onForeignFingerprint?: () => void
  /** Told which rule of the database refused an effect. */
  onEffectRefused?: (refused: { action: string; reason: string }) => void
  /** Told of what ended after its time-out had been answered; with its error when it failed. */
  onLate?: (error?: unknown) => void
}

/** The ledger is asked once more before a time-out is told: it may hold the answer although what ran has none. Milliseconds. */
const LAST_LOOK_MS = 1_500

/** Carries an action out, or refuses it, and gives the one answer. */
export function runArrival(options: RunArrivalOptions): RequestHandler {
  return async (_req, res) => {
    const arrival = arrivalOf(res)
    const answer = await answerInTime(arrival, options)
    tellOf(answer, arrival, options)
    sendActionAnswer(res, answer, arrival.route.headers?.())
  }
}

async function answerInTime(arrival: Arrival, options: RunArrivalOptions): Promise<ActionAnswer> {
  try {
    const answering = answerTo(arrival, options)
    return (await atMost(answering, options.limitMs)) ?? (await afterTimeOut(answering, arrival, options))
  } catch (error) {
    throw toFault(error)
  }
}

function tellOf({ fingerprintUnknown, reason, replayed }: ActionAnswer, { route }: Arrival, options: RunArrivalOptions): void {
  if (fingerprintUnknown) options.onForeignFingerprint?.()
  // Duplicates that joined it bring the same.
  if (typeof reason === 'string' && !replayed) options.onEffectRefused?.({ action: route.action.name, reason })
}

function answerTo(arrival: Arrival, options: RunArrivalOptions): Promise<ActionAnswer> {
  const keyed = keyedArrivalOf(arrival)
  const run = () => judgeAndRun(arrival, options)
  return keyed === null ? run() : options.once.answer(keyed, run)
}

/**
 * With a key, nothing is refused before the ledger was asked: a recorded outcome wins over a shape, a person, a header
 * or a quota that would be refused today.
 */
async function judgeAndRun(arrival: Arrival, { quotaOf, findAnswer, fairShare }: RunArrivalOptions): Promise<ActionAnswer> {
  const judgement = judgeArrival(arrival)
  if ('call' in judgement) {
    const { call } = judgement
    const inTurn: InTurn = (work) =>
      afterWait('turn', (begun) =>
        fairShare.run(shareOf(arrival, call), () => {
          begun()
          return work()
        }),
      )
    return runWithinQuota(arrival.route, call, { inTurn, quota: quotaOf(call.actionName) })
  }
  const known = await findAnswer(keyOf(arrival))
  if (known === null) throw judgement.refusal
  return known
}

function shareOf({ route: { action, isBulk = false } }: Arrival, { caller: { tenant }, request }: ActionCall): Share {
  return { tenant, isBulk, lanes: isBulk ? [] : action.lanes(request) }
}

async function runWithinQuota(
  route: ActionRoute,
  call: ActionCall,
  { inTurn, quota }: { inTurn: InTurn; quota: ActionQuota | null },
): Promise<ActionAnswer> {
  const run = async (options: ActionOptions) => requireAnswer(await route.run(call, options), route.action.name)
  if (quota === null) return run({ inTurn })
  const refusal = await quota.take(call.caller)
  const answer = await run({ inTurn, refusal }).catch(async (error: unknown) => {
    // Refused before anything was begun: it may not cost the person one of theirs.
    if (error instanceof Refusal) await quota.giveBack(call.caller)
    throw error
  })
  if (!isNewEffect(answer)) await quota.giveBack(call.caller)
  return answer
}

/**
 * Whoever forgets a `return` is told so: without an answer it looked as if it took too long.
 * @throws {TypeError} for what is no answer
 */
function requireAnswer(answer: unknown, action: string): ActionAnswer {
  if (typeof answer === 'object' && answer !== null) return answer as ActionAnswer
  throw new TypeError(
    `The run of ${action} gave ${answer === null ? 'null' : typeof answer} in the place of an answer, so nobody can be told what became of the click. Return what inLedger or runAction gave; what it did meanwhile stands.`,
  )
}

function afterTimeOut(answering: Promise<ActionAnswer>, arrival: Arrival, options: RunArrivalOptions): Promise<ActionAnswer> {
  const { onLate = () => undefined } = options
  answering.then(() => onLate(), onLate)
  return lastLook(arrival, options)
}

async function lastLook(arrival: Arrival, { findAnswer }: RunArrivalOptions): Promise<ActionAnswer> {
  const known = await atMost(findAnswer(keyOf(arrival)), LAST_LOOK_MS).catch(() => null)
  if (known === null) throw tookTooLong()
  return known
}

const keyOf = ({ caller, headers: { key }, fingerprint }: Arrival) => ({ caller, key, fingerprint })

function isNewEffect(answer: ActionAnswer): boolean {
  return !answer.replayed && (answer.recorded || answer.status < 300)
}

/** Gives what the ledger transaction answered: its bytes, and what a client may conclude from them. */
function sendActionAnswer(res: Response, answer: ActionAnswer, ofRoute: Readonly<Record<string, string>> = {}): void {
  const replayed: Record<string, string> = answer.replayed ? { [HEADERS.idempotentReplayed]: 'true' } : {}
  sendText(res, answer, { ...ofRoute, ...replayed, ...(answer.recorded ? recordedHeaders() : {}) })
}
