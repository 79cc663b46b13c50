/** One of several; false and undefined say nothing. */
export type Sentence = string | false | undefined

/** Joins sentences that carry no full stop. Pure. */
export function sentences(...parts: readonly Sentence[]): string {
  return parts.filter(Boolean).join('. ')
}
