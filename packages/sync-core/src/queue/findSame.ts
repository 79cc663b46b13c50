import type { MutationRecord } from '../mutation/MutationRecord.js'
import { isAccepted, isBulk, isPending, resultOf } from '../mutation/mutationState.js'
import { sameRequest } from '../mutation/sameRequest.js'
import { isWithin } from './isWithin.js'
import type { Lane } from './Records.js'

/** Where to look: in what is stored, which decides, or in all that this tab shows, which knows at once. */
export interface KnownMutations {
  get(id: string): MutationRecord | undefined
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
  type Question = (record: MutationRecord) => boolean
  // Where what is stored decides, a lane may name more than that.
  const lastIn = (lane: string, isWanted: Question) =>
    known.lane(lane).findLast((other) => !isBulk(other) && isWanted(other) && known.get(other.id) === other)
  // The last in each lane, if that is one click: the children of one parent stand in different lanes.
  const last = (isWanted: Question) => {
    const ids = new Set(click.lanes.map((lane) => clickOf(lastIn(lane, isWanted))))
    const [id] = ids.size === 1 ? ids : []
    return id === undefined ? undefined : known.get(id)
  }
  const isSame = (other: MutationRecord | undefined) => other?.action === click.action && sameRequest(other.request, click.request)
  const pending = last(isPending)
  if (pending !== undefined && isPending(pending) && isSame(pending)) return pending
  if (duplicateWindowMs <= 0) return undefined
  // Not necessarily the last one: the server keeps nothing waiting that it has taken over, and a person who sends A, then
  // B, then A does not want a second A while the first is on its way.
  const takenOver = lastIn(click.lanes[0] ?? '', (other) => isAccepted(other) && isPending(other) && isSame(other))
  if (takenOver !== undefined) return takenOver
  const done = last((record) => resultOf(record)?.outcome === 'success')
  const result = resultOf(done)
  return isSame(done) && result?.outcome === 'success' && isWithin(duplicateWindowMs, result.at, now) ? done : undefined
}

function clickOf(record: MutationRecord | undefined): string | undefined {
  return record?.parentId ?? record?.id
}
