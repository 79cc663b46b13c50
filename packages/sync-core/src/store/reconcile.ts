/** What became of an incoming state: it was newer, the same, or older than what was known. */
export type MergeOutcome = 'applied' | 'duplicate' | 'stale'

/**
 * Decides what an incoming version does to a known one: higher replaces, equal changes nothing, lower is
 * dropped. A tombstone has a version like any row, so a late event cannot bring a deleted row back.
 * @param knownVersion undefined when the row was never seen
 */
export function reconcile(knownVersion: number | undefined, incomingVersion: number): MergeOutcome {
  if (knownVersion === undefined || incomingVersion > knownVersion) return 'applied'
  return incomingVersion === knownVersion ? 'duplicate' : 'stale'
}
