const FIRST_MS = 2_000
const LONGEST_MS = 5 * 60_000
const DAY_MS = 24 * 60 * 60_000

/** Wait before attempt `attempt + 1` of an SMS that certainly did not reach the carrier: 2 s, doubled up to 5 minutes. */
export function postponeMs(attempt: number): number {
  return Math.min(FIRST_MS * 2 ** Math.min(Math.max(attempt, 1) - 1, 10), LONGEST_MS)
}

/** Wait until the account's next day begins: Twilio counts days in UTC. `now` in epoch ms. */
export function untilNextDayMs(now: number): number {
  return DAY_MS - (now % DAY_MS)
}
