import { type AnyAction, mutationStateSchema } from '@org/contracts/client'
import type { TransportAnswer } from '../ports/Transport.js'
import { textIn } from '../retry/answerBody.js'
import { type Outcome, readSuccess } from '../retry/classifyOutcome.js'
import { parseRetryAfter } from '../retry/retryAfter.js'

/**
 * What stands for a key, as the server alone may say: what came of the mutation itself, or that it was fenced and never will
 * be executed (`abandoned`), or that nobody will know. `unanswered`: the question got no usable answer.
 */
export type Resolution = Outcome | 'abandoned' | 'unknown' | 'unanswered'

export interface ReadOptions {
  action: AnyAction
  key: string
  /** Without the echo it may be a captive portal's page that happens to be JSON; then the key in it has to be this one. */
  isEchoed: boolean
  now: number
}

/** Reads the answer of GET /api/mutations/:key, or of POST /api/mutations/:key/resolve. */
export function readResolution(answer: TransportAnswer, { action, key, isEchoed, now }: ReadOptions): Resolution {
  if (answer.kind !== 'answer' || answer.status >= 300) return 'unanswered'
  const parsed = mutationStateSchema.safeParse(answer.json)
  if (!parsed.success || !(isEchoed || parsed.data.key === key)) return 'unanswered'
  const { state, status, body } = parsed.data
  if (state === 'pending') {
    const retryAfterMs = parseRetryAfter({ header: answer.header, body: answer.json, now })
    return { kind: 'accepted', status: 202, code: null, retryAfterMs, unknown: false }
  }
  if (state !== 'recorded') return state
  return status === undefined ? 'unanswered' : recordedOutcome(action, status, body)
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
