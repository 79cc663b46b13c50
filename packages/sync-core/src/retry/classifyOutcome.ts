import { type AnyAction, CONTRACTS_VERSION, HEADERS, isAnswerOf, isCodeOf } from '@org/contracts/client'
import type { TransportAnswer } from '../ports/Transport.js'
import { fieldsOf, textIn } from './answerBody.js'
import { parseRetryAfter } from './retryAfter.js'

/** What whoever answered said beside its verdict. */
interface Said {
  status: number
  code: string
  /** The server's own words for a person, when it sent some. */
  text?: string | undefined
  /** What whoever answered, a proxy too, asks to wait. */
  retryAfterMs?: number | null
}

/** What one attempt came to. Decided by numbers, codes and headers, never by message text. */
export type Outcome =
  | { kind: 'success'; status: number; body: unknown; replayed: boolean }
  /** Some of it took effect, of an action that may: 207, or `success: false` in another 2xx. */
  | { kind: 'partial'; status: number; body: unknown; replayed: boolean }
  /**
   * A 2xx without what a client uses of it: no success by itself, whoever recorded it. `recorded`: the ledger holds it as
   * this key's answer, so asking again brings the same, and it does not say itself that it failed.
   */
  | { kind: 'unreadable'; status: number; code: 'ANSWER_INVALID'; recorded: boolean }
  /** The server owns it now and is not done. `unknown`: nobody will know by itself. */
  | { kind: 'accepted'; status: number; code: string | null; body?: unknown; retryAfterMs: number | null; unknown: boolean }
  /** Nobody can say whether it arrived. */
  | (Omit<Said, 'status'> & { kind: 'transport'; status: number | null; strike: 'server' | 'no-echo' | null; retryAfterMs: number | null })
  /** It was not carried out; what should rest is its `pauseScope`. */
  | (Said & { kind: 'pause'; retryAfterMs: number | null })
  | (Said & { kind: 'in-progress' | 'unauthenticated' | 'actor-mismatch' })
  /** A refusal. `recorded`: it is the ledger's answer for this key, so it is final even after an ambiguous attempt. */
  | { kind: 'refused'; status: number; code: string; body: unknown; recorded: boolean }

export interface ClassifyOptions {
  /** What was asked for: it knows its answers and its refusals. Null: only what stands was asked, which is read elsewhere. */
  action: AnyAction | null
  /** The idempotency key the answer must echo. */
  key: string
  /** False for a team's own API that does not echo keys; then JSON alone makes an answer authoritative. */
  requireKeyEcho: boolean
  now: number
}

/**
 * Reads an answer: first whether it is one at all, then what it says. A refusal is final when the server says so
 * (`retryable: false`), whether or not this client knows the code. Pure.
 */
export function classifyOutcome(answer: TransportAnswer, options: ClassifyOptions): Outcome {
  if (answer.kind === 'failure') {
    const code = answer.reason === 'timeout' ? 'TIMEOUT' : 'OFFLINE'
    return { kind: 'transport', status: null, code, strike: null, retryAfterMs: null }
  }
  const { status, json } = answer
  const retryAfterMs = parseRetryAfter({ header: answer.header, body: json, now: options.now })
  if (!isAuthoritative(answer, options)) {
    const strike = retryAfterMs === null && isStrangersRefusal(status) ? 'no-echo' : null
    return { kind: 'transport', status, code: 'NO_ECHO', strike, retryAfterMs }
  }
  const code = textIn(json, 'code') ?? null
  if (status >= 200 && status < 300) return classifySuccess(answer, options, { code, retryAfterMs })
  const said = { status, code: code ?? `HTTP_${status}`, text: textIn(json, 'error'), retryAfterMs }
  if (status === 503 || status === 429) return { ...said, kind: 'pause' }
  if (status === 401) return { ...said, kind: 'unauthenticated', code: code ?? 'UNAUTHENTICATED' }
  if (code === 'IDEMPOTENCY_IN_PROGRESS') return { ...said, kind: 'in-progress' }
  if (code === 'ACTOR_MISMATCH') return { ...said, kind: 'actor-mismatch' }
  if (saysNothing(status)) return { ...said, kind: 'transport', strike: status >= 500 ? 'server' : null }
  if (!isFinal(answer, code, options.action)) return { ...said, kind: 'transport', strike: 'server' }
  return { kind: 'refused', status, code: said.code, body: json, recorded: isRecorded(answer) }
}

type Answer = Extract<TransportAnswer, { kind: 'answer' }>

function isAuthoritative({ json, header }: Answer, { key, requireKeyEcho }: ClassifyOptions): boolean {
  const echo = header(HEADERS.idempotencyKey)
    ?.trim()
    .replace(/^"(.*)"$/, '$1')
  return json !== undefined && (!requireKeyEcho || echo === key)
}

function saysNothing(status: number): boolean {
  return status >= 500 || status === 408 || status === 425
}

/** Something on the way refused it. Whoever asks to wait or to come again has no such opinion about the request. */
function isStrangersRefusal(status: number): boolean {
  return status >= 400 && status < 500 && !saysNothing(status)
}

function classifySuccess(answer: Answer, options: ClassifyOptions, told: { code: string | null; retryAfterMs: number | null }): Outcome {
  const { status, json: body, header } = answer
  if (status === 202) return { kind: 'accepted', status, ...told, body, unknown: told.code === 'OUTCOME_UNKNOWN' }
  const replayed = header(HEADERS.idempotentReplayed)?.toLowerCase() === 'true'
  if (options.action === null) return { kind: 'success', status, body, replayed }
  // An API of another make that says 2xx has done it; asking again could do it twice.
  const recorded = isRecorded(answer) || !options.requireKeyEcho
  return readSuccess(options.action, { status, body, replayed, recorded })
}

/** A 2xx of this key. */
export interface Answered {
  status: number
  body: unknown
  replayed: boolean
  recorded: boolean
}

/** What a 2xx says: all of it took effect, a part, or nothing that this client can read. */
export function readSuccess(action: AnyAction, { status, body, replayed, recorded }: Answered): Outcome {
  const isWhole = status !== 207 && fieldsOf(body).success !== false
  if (!(isWhole || action.partial) || !isAnswerOf(action, body)) {
    return { kind: 'unreadable', status, code: 'ANSWER_INVALID', recorded: recorded && fieldsOf(body).success !== false }
  }
  return { kind: isWhole ? 'success' : 'partial', status, body, replayed }
}

function isRecorded({ header }: Answer): boolean {
  return header(HEADERS.idempotencyOutcome)?.toLowerCase() === 'recorded'
}

/** Whose trouble an answer of 503 or 429 tells of, which should rest: the server's, the action's, or the mutation's own. */
export function pauseScope(status: number, code: string | null): 'action' | 'own' | 'server' {
  if (status === 429 || code === 'CIRCUIT_BREAKER_OPEN') return 'action'
  return code === 'ROW_BUSY' ? 'own' : 'server'
}

/**
 * Whether the same request with the same key can never succeed. An older server may refuse a field it does not know
 * yet; a code this action does not know may be a rule of a newer one, so then the server has to say that it is final.
 */
function isFinal(answer: Answer, code: string | null, action: AnyAction | null): boolean {
  const { status, json } = answer
  if (status < 400 || status >= 500 || isOlderServer(answer)) return false
  const { retryable } = fieldsOf(json)
  return typeof retryable === 'boolean' ? !retryable : code !== null && action !== null && isCodeOf(action, code)
}

// During a rolling deploy.
function isOlderServer({ status, header }: Answer): boolean {
  return status === 400 && Number(header(HEADERS.contractsVersion) ?? CONTRACTS_VERSION) < Number(CONTRACTS_VERSION)
}
