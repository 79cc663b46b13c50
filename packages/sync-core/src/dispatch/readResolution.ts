import { type AnyAction, mutationStateSchema } from '@org/contracts/client'
import type { TransportAnswer } from '../ports/Transport.js'
import { textIn } from '../retry/answerBody.js'
import { type Outcome, readSuccess } from '../retry/classifyOutcome.js'
import { parseRetryAfter } from '../retry/retryAfter.js'

/** What stands for a key, as the server alone may say. */
export type Resolution =
  | { kind: 'recorded'; outcome: Outcome }
  /** Fenced: never executed, and it never will be. */
  | { kind: 'abandoned' }
  | { kind: 'pending'; outcome: Outcome }
  | { kind: 'unknown' }
  /** The question got no usable answer. */
  | { kind: 'unanswered' }

export interface ReadOptions {
  action: AnyAction
  key: string
  /** Without the echo it may be a captive portal's page that happens to be JSON; then the key in it has to be this one. */
  isEchoed: boolean
  now: number
}

/** Reads the answer of GET /api/mutations/:key, or of POST /api/mutations/:key/resolve. */
export function readResolution(answer: TransportAnswer, { action, key, isEchoed, now }: ReadOptions): Resolution {
  if (answer.kind !== 'answer' || answer.status >= 300) return { kind: 'unanswered' }
  const parsed = mutationStateSchema.safeParse(answer.json)
  if (!parsed.success || !(isEchoed || parsed.data.key === key)) return { kind: 'unanswered' }
  const { state, status, body } = parsed.data
  if (state === 'pending') {
    const retryAfterMs = parseRetryAfter({ header: answer.header, body: answer.json, now })
    return { kind: state, outcome: { kind: 'accepted', status: 202, code: null, retryAfterMs, unknown: false } }
  }
  if (state !== 'recorded') return { kind: state }
  return status === undefined ? { kind: 'unanswered' } : { kind: 'recorded', outcome: recordedOutcome(action, status, body) }
}

function recordedOutcome(action: AnyAction, status: number, text: string | undefined): Outcome {
  const body = parse(text)
  if (status >= 300) return { kind: 'refused', status, code: textIn(body, 'code') ?? 'NOT_FOUND', body, recorded: true }
  return readSuccess(action, { status, body, replayed: true, recorded: true })
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}
