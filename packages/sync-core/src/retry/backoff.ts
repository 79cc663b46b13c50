import type { Random } from '../ports/Random.js'

const BASE_MS = 500
const CEILING_MS = 30_000
/** After ten failures a mutation is no longer urgent; five minutes keep an outage from becoming a flood. */
export const URGENT_FAILURES = 10
const LATE_CEILING_MS = 300_000

/** No wait is planned further ahead than this; a stored instant beyond it means the clock stepped back. */
export const LONGEST_WAIT_MS = 15 * 60_000 * 1.2

/**
 * The wait after failure number `failures`, from 1: uniform between a fifth of the ceiling and the ceiling,
 * never below what the server asked for.
 */
export function backoff(failures: number, random: Random, retryAfterMs = 0): number {
  const ceiling = failures > URGENT_FAILURES ? LATE_CEILING_MS : Math.min(CEILING_MS, BASE_MS * 2 ** Math.min(failures - 1, 6))
  const wait = ceiling * 0.2 + random.uniform() * ceiling * 0.8
  return Math.round(Math.max(retryAfterMs, wait))
}

/**
 * An instant this program planned, at most `mostMs` ahead. One further off was planned before the clock stepped
 * back: it counts as past, else everything would wait as long as the clock was wrong.
 */
export function plannedInstant(at: number, now: number, mostMs: number): number {
  return at > now + mostMs ? 0 : at
}
