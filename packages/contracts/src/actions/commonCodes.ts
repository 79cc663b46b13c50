import type { ErrorCode } from '../errorCodes.js'

/** Refusals every action can answer with, because the way through the API is the same for all. */
export const LEDGER_CODES = [
  'IDEMPOTENCY_KEY_REQUIRED',
  'IDEMPOTENCY_KEY_INVALID',
  'VALIDATION_FAILED',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'ACTOR_MISMATCH',
  'IDEMPOTENCY_IN_PROGRESS',
  'ACTION_EXPIRED',
  'ACTION_ABANDONED',
  'OUTCOME_UNKNOWN',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'IDEMPOTENCY_KEY_REUSED',
  'EFFECT_REFUSED',
  'RATE_LIMITED',
  'INTERNAL',
  'STORE_UNAVAILABLE',
  'OVERLOADED',
  'ROW_BUSY',
] as const satisfies readonly ErrorCode[]
