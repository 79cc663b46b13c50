/** How a call to the carrier ended. */
export type CallResult = { sid: string } | { error: unknown }

/** What follows a call, and what the breaker is told. `none`: it says nothing about the service's health. */
export type SmsVerdict =
  | { kind: 'accepted'; sid: string; breaker: 'success' }
  | { kind: 'postpone'; reason: string; breaker: 'none' | 'failure' | 'isolate' }
  | { kind: 'failed'; errorCode: number; reason: string; optedOut: boolean; breaker: 'success' }
  | { kind: 'indeterminate'; reason: string; breaker: 'failure' }

/** The connection was never made, so not a byte reached Twilio. */
const BEFORE_BYTES_LEFT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])
const TOO_MANY_REQUESTS = 20_429
const BAD_CREDENTIALS = 20_003
const OPTED_OUT = 21_610

/**
 * Decides what a finished call means. Only what certainly did not reach the phone is sent again, and
 * only what says that the service is ill counts against it: five mistyped numbers must not stop SMS
 * for everyone. Anything unlisted may have been accepted, so it is indeterminate.
 */
export function classifyOutcome(result: CallResult): SmsVerdict {
  if ('sid' in result) return acceptedOrUnknown(result.sid)
  const { status, code, message } = readError(result.error)
  if (status === 429 || code === TOO_MANY_REQUESTS) return { kind: 'postpone', reason: 'rate-limited', breaker: 'none' }
  if (status === 401 || code === BAD_CREDENTIALS) return { kind: 'postpone', reason: 'bad-credentials', breaker: 'isolate' }
  if (isRejection(status, code)) {
    return { kind: 'failed', errorCode: code, reason: message, optedOut: code === OPTED_OUT, breaker: 'success' }
  }
  if (typeof code === 'string' && BEFORE_BYTES_LEFT.has(code)) return { kind: 'postpone', reason: code, breaker: 'failure' }
  return { kind: 'indeterminate', reason: reasonOf(status, code), breaker: 'failure' }
}

function acceptedOrUnknown(sid: unknown): SmsVerdict {
  if (typeof sid === 'string' && sid !== '') return { kind: 'accepted', sid, breaker: 'success' }
  return { kind: 'indeterminate', reason: 'answer-without-sid', breaker: 'failure' }
}

function isRejection(status: unknown, code: unknown): code is number {
  return typeof status === 'number' && status >= 400 && status < 500 && typeof code === 'number'
}

function readError(error: unknown): { status: unknown; code: unknown; message: string } {
  const { status, code, message } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>
  return { status, code, message: typeof message === 'string' ? message : '' }
}

/** Why a call failed, in a word for logs: never the provider's own text. */
export function failureReason(error: unknown): string {
  const { status, code } = readError(error)
  return reasonOf(status, code)
}

// Short and without the provider's text, which may repeat the phone number.
function reasonOf(status: unknown, code: unknown): string {
  if (typeof status === 'number') return `http-${status}`
  return typeof code === 'string' && /^[A-Z_0-9]{1,40}$/.test(code) ? code : 'unreadable-answer'
}
