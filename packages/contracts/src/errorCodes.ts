/** What a code means on the wire: its status, the text a person reads, and whether the same key may be sent again. */
export interface ErrorCodeEntry {
  status: number
  text: string
  /** True when the same request with the same key may succeed later. */
  retryable: boolean
}

/**
 * Every refusal the API can answer with, once. The SQL side reads the same table from
 * `sync.error_codes`, and a test holds the two equal.
 */
export const ERROR_CODES = {
  IDEMPOTENCY_KEY_REQUIRED: {
    status: 400,
    retryable: false,
    text: 'This action needs an Idempotency-Key header, so that a retry cannot take effect twice. Send a new UUID for each click.',
  },
  IDEMPOTENCY_KEY_INVALID: {
    status: 400,
    retryable: false,
    text: 'The Idempotency-Key must be 20 to 128 characters of letters, digits, "_" or "-". Send a new UUID for each click.',
  },
  VALIDATION_FAILED: { status: 400, retryable: false, text: 'The request does not match what this action takes, so nothing was changed.' },
  UNAUTHENTICATED: { status: 401, retryable: true, text: 'You are not signed in, or your session has ended. Sign in and try again.' },
  FORBIDDEN: {
    status: 403,
    retryable: false,
    text: 'You may not do this in the name of someone else or from this site. Nothing was changed.',
  },
  ACTOR_MISMATCH: {
    status: 403,
    retryable: false,
    text: 'This was clicked by another user than the one signed in now, so it was not sent. Sign in as that user to go on.',
  },
  NOT_FOUND: { status: 404, retryable: false, text: 'This record does not exist or is not yours. Nothing was changed.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    retryable: false,
    text: 'This address does not take this method; the Allow header names those it takes. Nothing was changed.',
  },
  IDEMPOTENCY_IN_PROGRESS: { status: 409, retryable: true, text: 'The same click is still being worked on. Ask again in a moment.' },
  ALREADY_CONFIRMED: { status: 409, retryable: false, text: 'Appointment is already confirmed' },
  ALREADY_HAS_STATUS: { status: 409, retryable: false, text: 'Lead already has this status' },
  STATUS_FINAL: { status: 409, retryable: false, text: 'The status of this lead is final, so nothing was changed.' },
  NOT_CONFIRMABLE: {
    status: 409,
    retryable: false,
    text: 'Only a pending appointment can be confirmed, and this one is not pending any more.',
  },
  VERSION_CONFLICT: {
    status: 409,
    retryable: false,
    text: 'Someone else changed this record since you looked at it. Nothing was saved; review the change and try again.',
  },
  ACTION_EXPIRED: {
    status: 410,
    retryable: false,
    text: 'This click waited too long before it could be sent, so it was not carried out. Click again if you still want it.',
  },
  ACTION_ABANDONED: { status: 410, retryable: false, text: 'This click was cancelled before it took effect. Nothing was changed.' },
  OUTCOME_UNKNOWN: {
    status: 410,
    retryable: false,
    text: 'Nobody recorded whether this took effect. Look at the record before you try again.',
  },
  CURSOR_GONE: { status: 410, retryable: false, text: 'The change log no longer reaches back to this cursor. Read all rows again.' },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    retryable: false,
    text: 'The request is too large, so nothing was changed. Send fewer records at once.',
  },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retryable: false, text: 'Send the request body as JSON (Content-Type: application/json).' },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    retryable: false,
    text: 'This Idempotency-Key was already used for a different request. Make a new key for each click.',
  },
  PHONE_INVALID: { status: 422, retryable: false, text: 'This lead has no phone number that can receive SMS. Correct the number first.' },
  OPTED_OUT: { status: 422, retryable: false, text: 'This person asked not to get SMS any more (STOP). Nothing was sent.' },
  SMS_REJECTED: { status: 422, retryable: false, text: 'The SMS was rejected by the carrier and was not sent.' },
  EFFECT_REFUSED: { status: 422, retryable: false, text: 'A rule of the database did not allow this, so nothing was changed.' },
  STATUS_UNKNOWN: { status: 422, retryable: false, text: 'There is no such status, so nothing was changed.' },
  RATE_LIMITED: { status: 429, retryable: true, text: 'Too many requests in a short time. It will be tried again in a moment.' },
  INTERNAL: { status: 500, retryable: true, text: 'Something went wrong on our side. It is safe to try again.' },
  CIRCUIT_BREAKER_OPEN: { status: 503, retryable: true, text: 'SMS service temporarily unavailable' },
  STORE_UNAVAILABLE: { status: 503, retryable: true, text: 'The database cannot be reached right now. It is safe to try again.' },
  OVERLOADED: { status: 503, retryable: true, text: 'Too much is under way at once. It will be tried again in a moment.' },
  ROW_BUSY: { status: 503, retryable: true, text: 'Someone else is changing this record right now. It will be tried again in a moment.' },
} as const satisfies Record<string, ErrorCodeEntry>

export type ErrorCode = keyof typeof ERROR_CODES

/** True when `code` is one this version of the contracts knows. An unknown code is never a reason to give up a mutation. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_CODES, code)
}
