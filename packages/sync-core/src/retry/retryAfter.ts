import type { Random } from '../ports/Random.js'
import { numberIn } from './answerBody.js'

const LONGEST_MS = 15 * 60_000

/**
 * Reads `Retry-After` (seconds or an HTTP date) or a body's `retryAfterMs`, in milliseconds, at most
 * 15 minutes. Null when neither says anything usable.
 */
export function parseRetryAfter(header: string | null, body: unknown, now: number): number | null {
  const wait = fromHeader(header, now) ?? numberIn(body, 'retryAfterMs') ?? null
  return wait === null ? null : Math.min(LONGEST_MS, Math.max(0, wait))
}

/** Adds 0–20 % so that clients told the same instant do not come back together. */
export function spread(waitMs: number, random: Random): number {
  return Math.round(waitMs * (1 + 0.2 * random.uniform()))
}

function fromHeader(header: string | null, now: number): number | null {
  if (header === null || header.trim() === '') return null
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? null : date - now
}
