const FIRST_MS = 2_000
const LONGEST_MS = 5 * 60_000

/** Wait before attempt `attempt + 1` of an SMS that certainly did not reach the carrier: 2 s, doubled up to 5 minutes. */
export function postponeMs(attempt: number): number {
  return Math.min(FIRST_MS * 2 ** Math.min(Math.max(attempt, 1) - 1, 10), LONGEST_MS)
}
