/** True when `at` was less than `ms` ago. What is in the future was before the clock stepped back: nobody knows how long. */
export function isWithin(ms: number, at: number, now: number): boolean {
  return now >= at && now - at < ms
}
