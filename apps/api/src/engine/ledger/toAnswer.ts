import type { ActionAnswer } from './ActionCall.js'

/** `sync.answer` as it arrives. */
export interface AnswerRow {
  status: number
  body: string
  replayed: boolean
  recorded: boolean
  retry_after_ms: number | null
  ref: string | null
  fingerprint_unknown: boolean
  reason: string | null
}

/**
 * Reads a `sync.answer` that came as JSON. One column instead of eight: a function in a statement's list of columns costs the
 * database less than one that is read from as a table.
 * @throws {TypeError} when there is none, which no ledger function may do
 */
export function readAnswer(json: string | null | undefined): ActionAnswer {
  return toAnswer(json == null ? undefined : (JSON.parse(json) as AnswerRow))
}

/**
 * Reads the row a ledger function returned.
 * @throws {TypeError} when there is none, which no ledger function may do
 */
export function toAnswer(row: AnswerRow | undefined): ActionAnswer {
  if (row === undefined)
    throw new TypeError('A ledger function returned no row, so the outcome cannot be told. Check that the migrations are complete.')
  return {
    status: row.status,
    body: row.body,
    replayed: row.replayed,
    recorded: row.recorded,
    retryAfterMs: row.retry_after_ms,
    ref: row.ref,
    fingerprintUnknown: row.fingerprint_unknown,
    reason: row.reason,
  }
}
