import { CONTRACTS_VERSION, HEADERS, isErrorCode } from '@org/contracts/client'
import type { TransportAnswer } from '../ports/Transport.js'
import { fieldsOf, textIn } from './answerBody.js'
import { parseRetryAfter } from './retryAfter.js'

/** What one attempt came to. Decided by numbers, codes and headers, never by message text. */
export type Outcome =
  | { kind: 'success'; status: number; body: unknown; replayed: boolean }
  /** Some of it took effect: 207, or `success: false` in a 2xx. */
  | { kind: 'partial'; status: number; body: unknown; replayed: boolean }
  /** The server owns it now and is not done. `unknown`: nobody will know by itself. */
  | { kind: 'accepted'; status: number; code: string | null; body?: unknown; retryAfterMs: number | null; unknown: boolean }
  /** Nobody can say whether it arrived. */
  | { kind: 'transport'; status: number | null; code: string; strike: 'server' | 'no-echo' | null }
  /** It was not carried out, and this scope should rest. */
  | { kind: 'pause'; scope: 'action' | 'mutation' | 'origin'; status: number; code: string; retryAfterMs: number | null }
  | { kind: 'in-progress'; status: number; code: string; retryAfterMs: number | null }
  | { kind: 'unauthenticated'; status: number; code: string }
  | { kind: 'actor-mismatch'; status: number; code: string }
  /** A refusal. `recorded`: it is the ledger's answer for this key, so it is final even after an ambiguous attempt. */
  | { kind: 'refused'; status: number; code: string; body: unknown; recorded: boolean }

export interface ClassifyOptions {
  /** The idempotency key the answer must echo. */
  key: string
  /** False for a team's own API that does not echo keys; then JSON alone makes an answer authoritative. */
  requireKeyEcho: boolean
  now: number
}

const UNANSWERED = new Set([408, 425, 500, 502, 504, 511])

/** Reads an answer (table of the offline reference). Pure. */
export function classifyOutcome(answer: TransportAnswer, options: ClassifyOptions): Outcome {
  if (answer.kind === 'failure') {
    return { kind: 'transport', status: null, code: answer.reason === 'timeout' ? 'TIMEOUT' : 'OFFLINE', strike: null }
  }
  const { status, json } = answer
  const isClientError = status >= 400 && status < 500
  if (!isAuthoritative(answer, options)) {
    return { kind: 'transport', status, code: 'NO_ECHO', strike: isClientError && status !== 408 && status !== 425 ? 'no-echo' : null }
  }
  if (status >= 200 && status < 300) return classifySuccess(answer, options)
  const code = textIn(json, 'code') ?? null
  const retryAfterMs = parseRetryAfter(answer.header(HEADERS.retryAfter), json, options.now)
  if (status === 503 || status === 429)
    return { kind: 'pause', scope: pauseScope(status, code), status, code: code ?? `HTTP_${status}`, retryAfterMs }
  if (status === 401) return { kind: 'unauthenticated', status, code: code ?? 'UNAUTHENTICATED' }
  if (code === 'IDEMPOTENCY_IN_PROGRESS') return { kind: 'in-progress', status, code, retryAfterMs }
  if (code === 'ACTOR_MISMATCH') return { kind: 'actor-mismatch', status, code }
  if (UNANSWERED.has(status) || status >= 500) {
    return { kind: 'transport', status, code: code ?? `HTTP_${status}`, strike: status >= 500 ? 'server' : null }
  }
  if (!isClientError || !isErrorCode(code) || isOlderServer(answer, status)) {
    // A code this client does not know may be a rule of a newer server; giving up would lose the click.
    return { kind: 'transport', status, code: code ?? `HTTP_${status}`, strike: 'no-echo' }
  }
  const recorded = answer.header(HEADERS.idempotencyOutcome)?.toLowerCase() === 'recorded' || !options.requireKeyEcho
  return { kind: 'refused', status, code, body: json, recorded }
}

type Answer = Extract<TransportAnswer, { kind: 'answer' }>

function isAuthoritative(answer: Answer, options: ClassifyOptions): boolean {
  if (answer.json === undefined) return false
  if (!options.requireKeyEcho) return true
  return (
    answer
      .header(HEADERS.idempotencyKey)
      ?.trim()
      .replace(/^"(.*)"$/, '$1') === options.key
  )
}

function classifySuccess(answer: Answer, options: ClassifyOptions): Outcome {
  const { status, json } = answer
  if (status === 202) {
    const code = textIn(json, 'code') ?? null
    const retryAfterMs = parseRetryAfter(answer.header(HEADERS.retryAfter), json, options.now)
    return { kind: 'accepted', status, code, body: json, retryAfterMs, unknown: code === 'OUTCOME_UNKNOWN' }
  }
  return {
    kind: successKind(status, json),
    status,
    body: json,
    replayed: answer.header(HEADERS.idempotentReplayed)?.toLowerCase() === 'true',
  }
}

/** Whether all of it took effect. */
export function successKind(status: number, body: unknown): 'success' | 'partial' {
  return status === 207 || fieldsOf(body).success === false ? 'partial' : 'success'
}

function pauseScope(status: number, code: string | null): 'action' | 'mutation' | 'origin' {
  if (status === 429 || code === 'CIRCUIT_BREAKER_OPEN') return 'action'
  return code === 'ROW_BUSY' ? 'mutation' : 'origin'
}

// During a rolling deploy an older server may refuse a field it does not know yet.
function isOlderServer(answer: Answer, status: number): boolean {
  const version = Number(answer.header(HEADERS.contractsVersion) ?? CONTRACTS_VERSION)
  return status === 400 && version < Number(CONTRACTS_VERSION)
}
