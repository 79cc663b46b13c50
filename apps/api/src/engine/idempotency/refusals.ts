import { ERROR_CODES, type ErrorCode } from '@org/contracts'

/** A no, before it is written down. */
export interface KeyRefusal {
  code: ErrorCode
  status: number
  /** For people. */
  error: string
  /** Whether the same key may come again. */
  retryable: boolean
  /** @default no Retry-After */
  retryAfterMs?: number
}

const refusal = (code: ErrorCode, fields: Partial<KeyRefusal> = {}): KeyRefusal => {
  const { status, text, retryable } = ERROR_CODES[code]
  return { code, status, error: text, retryable, ...fields }
}

export const KEY_REQUIRED = refusal('IDEMPOTENCY_KEY_REQUIRED')
export const KEY_INVALID = refusal('IDEMPOTENCY_KEY_INVALID')
export const KEY_REUSED = refusal('IDEMPOTENCY_KEY_REUSED')
export const IN_PROGRESS = refusal('IDEMPOTENCY_IN_PROGRESS', { retryAfterMs: 1_000 })
export const TOO_DEEP = refusal('VALIDATION_FAILED', { error: 'The request body is nested too deeply, so nothing was changed.' })

export const STORE_AWAY = refusal('STORE_UNAVAILABLE', {
  error: 'Whether this was done already cannot be looked up right now, so it was not done. It is safe to try again.',
  retryAfterMs: 1_000,
})
export const STORE_FULL = refusal('OVERLOADED', { retryAfterMs: 5_000 })

// 409, not the ledger's 410: the key is not too old, it is in use, and stays so until its window ends.
const unknown = (error: string) => refusal('OUTCOME_UNKNOWN', { status: 409, error })

export const NEVER_ANSWERED = unknown(
  'This was begun and never answered, so nobody knows whether it took effect, and it is not begun again. Look at the record before you try again with a new key.',
)
export const UNREADABLE_RECORD = unknown(
  'This key was used before, and what became of it cannot be read any more. Look at the record before you try again with a new key.',
)
export const notKept = (status: number) =>
  unknown(
    `This was carried out and answered with status ${status}, and its answer is not kept any more. Look at the record; it is not done again.`,
  )
