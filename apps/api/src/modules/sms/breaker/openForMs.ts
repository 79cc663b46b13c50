const FIRST_OPEN_MS = 30_000
/** Longest the circuit stays open by itself. Milliseconds. */
export const LONGEST_OPEN_MS = 5 * 60_000

/**
 * How long the circuit stays open for the nth time in a row: 30 s, doubled by each failed probe, up to
 * 5 minutes.
 * @throws {RangeError} when `times` is below 1
 */
export function openForMs(times: number): number {
  if (!(times >= 1)) throw new RangeError(`openForMs: times must be at least 1, received ${times}`)
  return Math.min(FIRST_OPEN_MS * 2 ** Math.min(times - 1, 10), LONGEST_OPEN_MS)
}
