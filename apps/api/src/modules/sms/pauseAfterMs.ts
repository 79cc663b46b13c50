const FIRST_MS = 60_000
const LONGEST_MS = 30 * 60_000

/** How long a carrier that did not answer is not asked, after so many turns in a row: a minute, doubled up to half an hour. */
export function pauseAfterMs(failedTurns: number): number {
  return Math.min(FIRST_MS * 2 ** (Math.min(failedTurns, 10) - 1), LONGEST_MS)
}
