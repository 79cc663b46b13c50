/**
 * True when two requests say the same, written in the same order. A false answer does no harm: the
 * queue compares again, thoroughly, and joins what is the same. Pure.
 */
export function looksSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right)
}
