import type { Random } from '../ports/Random.js'
import { numberIn } from './answerBody.js'

const LONGEST_MS = 15 * 60_000

export interface RetryAfterSource {
  /** Looks up a header of the answer without regard to case. */
  header: (name: string) => string | null
  /** The parsed body; its `retryAfterMs` counts where no header does. */
  body: unknown
  /** This device's clock. A date is measured against the answer's own `Date`, and against this only without one. */
  now: number
}

/**
 * What an answer asks to wait, in milliseconds: `Retry-After` (seconds or an HTTP date), else the body's
 * `retryAfterMs`; at most 15 minutes. Null when it asks for nothing: 0, a past date, a negative number and
 * nonsense are no permission to come back sooner than the backoff allows.
 */
export function parseRetryAfter({ header, body, now }: RetryAfterSource): number | null {
  const wait = positive(fromHeader(header('Retry-After'), header('Date'), now)) ?? positive(numberIn(body, 'retryAfterMs'))
  return wait === null ? null : Math.min(LONGEST_MS, wait)
}

/** Adds 0–20 % so that clients told the same instant do not come back together. */
export function spread(waitMs: number, random: Random): number {
  return Math.round(waitMs * (1 + 0.2 * random.uniform()))
}

function fromHeader(text: string | null, date: string | null, now: number): number | undefined {
  if (text === null) return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number(text) * 1000
  const at = instantOf(text)
  return at === undefined ? undefined : at - (instantOf(date ?? '') ?? now)
}

/** `Date.parse` alone takes "-5" for a month of 2001. */
function instantOf(text: string): number | undefined {
  const at = /\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}

function positive(waitMs: number | undefined): number | null {
  return waitMs !== undefined && waitMs > 0 ? waitMs : null
}
