/** How a call to the carrier ended. */
export type CallResult = { sid: string } | { error: unknown }

/** What follows a call, and what the breaker is told. `none`: it says nothing about the service's health. */
export type SmsVerdict =
  | { kind: 'accepted'; sid: string; breaker: 'success' }
  /** Certainly not taken. `until`: trying before the next day is in vain. */
  | { kind: 'postpone'; reason: string; breaker: 'none' | 'failure' | 'isolate'; until?: 'next-day' }
  | { kind: 'failed'; errorCode: number; reason: string; optedOut: boolean; breaker: 'success' }
  | { kind: 'indeterminate'; reason: string; breaker: 'failure' }

/** The connection was never made, so not a byte reached Twilio. */
const BEFORE_BYTES_LEFT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])

/** About the account, its sender or its service: the next SMS would be refused for the same reason. */
const ACCOUNT_CODES: ReadonlyMap<number, string> = new Map([
  [20_003, 'bad-credentials'],
  [20_005, 'account-suspended'],
  [20_006, 'access-denied'],
  [21_212, 'sender-invalid'],
  [21_601, 'sender-invalid'],
  [21_603, 'sender-invalid'],
  [21_606, 'sender-invalid'],
  [21_660, 'sender-invalid'],
  [21_701, 'messaging-service-missing'],
  [21_704, 'messaging-service-empty'],
  [21_705, 'messaging-service-invalid'],
])
const ACCOUNT_STATUSES: ReadonlyMap<number, string> = new Map([
  [401, 'bad-credentials'],
  [402, 'payment-required'],
])

/** Too much for now: neither the message nor the service is at fault. */
const BUSY_CODES: ReadonlyMap<number, string> = new Map([
  [20_429, 'rate-limited'],
  [21_611, 'queue-full'],
])
/** Not now, when Twilio itself says so: without its code a proxy in between may have answered for it. */
const NOT_NOW_STATUSES = new Set([408, 409, 425])
const DAILY_LIMIT = 63_038
const OPTED_OUT = 21_610

/**
 * Decides what a finished call means. Only what certainly did not reach the phone is sent again, and
 * only what says that the service is ill counts against it: five mistyped numbers must not stop SMS
 * for everyone. Anything unlisted may have been accepted, so it is indeterminate.
 */
export function judgeCarrierAnswer(result: CallResult): SmsVerdict {
  if ('sid' in result) return acceptedOrUnknown(result.sid)
  const { status, code, message } = readError(result.error)
  if (typeof code === 'string' && BEFORE_BYTES_LEFT.has(code)) return { kind: 'postpone', reason: code, breaker: 'failure' }
  const twilioCode = typeof code === 'number' ? code : null
  const verdict = typeof status === 'number' ? judgeRefusal(status, twilioCode, message) : null
  return verdict ?? { kind: 'indeterminate', reason: reasonOf(status, code), breaker: 'failure' }
}

/** What an HTTP status and Twilio's own code say; null when the message may have been accepted all the same. */
function judgeRefusal(status: number, code: number | null, message: string): SmsVerdict | null {
  if (status === 503 && code !== null) return { kind: 'postpone', reason: reasonOf(status, code), breaker: 'failure' }
  if (status < 400 || status >= 500) return null
  const account = ACCOUNT_CODES.get(code ?? 0) ?? ACCOUNT_STATUSES.get(status)
  if (account !== undefined) return { kind: 'postpone', reason: account, breaker: 'isolate' }
  if (code === DAILY_LIMIT) return { kind: 'postpone', reason: 'daily-limit', breaker: 'none', until: 'next-day' }
  const busy = BUSY_CODES.get(code ?? 0) ?? (status === 429 ? 'rate-limited' : undefined)
  if (busy !== undefined) return { kind: 'postpone', reason: busy, breaker: 'none' }
  if (code === null) return null
  if (NOT_NOW_STATUSES.has(status)) return { kind: 'postpone', reason: reasonOf(status, code), breaker: 'none' }
  return { kind: 'failed', errorCode: code, reason: message, optedOut: code === OPTED_OUT, breaker: 'success' }
}

function acceptedOrUnknown(sid: unknown): SmsVerdict {
  if (typeof sid === 'string' && sid !== '') return { kind: 'accepted', sid, breaker: 'success' }
  return { kind: 'indeterminate', reason: 'answer-without-sid', breaker: 'failure' }
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
