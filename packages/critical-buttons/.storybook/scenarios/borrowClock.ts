/**
 * Lets the page tell time by another clock, so that "in about 30 seconds" is meant in the scenario's time.
 * Returns the function that gives the real one back.
 */
export function borrowClock(now: () => number): () => void {
  const real = Date.now
  Date.now = now
  return () => {
    Date.now = real
  }
}
