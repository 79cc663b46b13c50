import type { MutationRecord } from '../mutation/MutationRecord.js'
import { sameRequest } from '../mutation/sameRequest.js'
import { isJoinable, isRecent, isTakenOver, type Lane, lastDone, lastPending } from './lanes.js'

/** Where to look: in what is stored, which decides, or in this tab's mirror, which knows at once. */
export interface KnownMutations {
  get(id: string): MutationRecord | undefined
  /** By seq, what is not stored yet last. */
  lane(name: string): Lane
}

export interface SameOptions {
  now: number
  /** A repetition within this time of success is no new mutation; 0: always a new one. */
  duplicateWindowMs: number
}

/**
 * The mutation that this click is: the last unfinished one in each of its lanes, one that the server has taken
 * over, or one that has just succeeded, when it means the same. Undefined: the click is a new one.
 */
export function findSame(
  known: KnownMutations,
  click: MutationRecord,
  { now, duplicateWindowMs }: SameOptions,
): MutationRecord | undefined {
  const lanes = click.lanes.map((lane) => known.lane(lane))
  const means = (id: string | undefined): MutationRecord | undefined => {
    const other = id === undefined ? undefined : known.get(id)
    return other?.action === click.action && sameRequest(other.request, click.request) ? other : undefined
  }
  const pending = means(common(lanes.map(lastPending)))
  if (pending !== undefined && isJoinable(pending)) return pending
  if (duplicateWindowMs <= 0) return undefined
  // Not necessarily the last one: a person who sends A, then B, then A does not want a second A while the first is on its way.
  const takenOver = lanes[0]?.findLast((other) => isTakenOver(other) && means(other.id) !== undefined)
  if (takenOver !== undefined) return takenOver
  const done = means(common(lanes.map(lastDone)))
  return done !== undefined && isRecent(done, now, duplicateWindowMs) ? done : undefined
}

// The children of one parent stand in different lanes but are one click.
function common(records: readonly (MutationRecord | undefined)[]): string | undefined {
  const clicks = new Set(records.map((record) => record?.parentId ?? record?.id))
  return clicks.size === 1 ? [...clicks][0] : undefined
}
