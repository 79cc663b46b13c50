import type { MutationRecord } from '../mutation/MutationRecord.js'
import { hasEnded, holdsLanes, isAccepted, resultOf } from '../mutation/mutationState.js'
import { isWithin } from './isWithin.js'

/** The mutations that stand in one lane, by seq. */
export type Lane = readonly MutationRecord[]

/** A click that means the same as this one need not become another mutation. */
export function isJoinable(record: MutationRecord): boolean {
  return !hasEnded(record) && record.state !== 'unknown'
}

/** The lane with the record in its place, or without it when it stands there no longer. */
export function placeInLane(lane: Lane, record: MutationRecord, stands: boolean): Lane {
  // The usual cases first: a lane may hold thousands, and copying it is all that they cost.
  if (lane[0]?.id === record.id) return stands ? [record, ...lane.slice(1)] : lane.slice(1)
  if (stands && (lane.at(-1)?.seq ?? -1) < (record.seq ?? -1)) return [...lane, record]
  const others = lane.filter(({ id }) => id !== record.id)
  if (!stands) return others
  const at = others.findIndex(({ seq }) => (seq ?? 0) > (record.seq ?? 0))
  return at < 0 ? [...others, record] : others.toSpliced(at, 0, record)
}

/** The mutation that keeps this one waiting; undefined when it may run. */
export function blockerOf(lane: Lane, record: MutationRecord): MutationRecord | undefined {
  const head = lane.find(holdsLanes)
  return head === undefined || head.id === record.id || (head.seq ?? 0) > (record.seq ?? 0) ? undefined : head
}

/** The last unfinished mutation of the lane. */
export function lastPending(lane: Lane): MutationRecord | undefined {
  return lane.findLast(isJoinable)
}

/** The server has taken it over: it keeps nothing waiting, so its place in the lane says nothing any more. */
export function isTakenOver(record: MutationRecord): boolean {
  return isAccepted(record) && isJoinable(record)
}

/** The last mutation of the lane that succeeded, while it is remembered. */
export function lastDone(lane: Lane): MutationRecord | undefined {
  return lane.findLast((record) => resultOf(record)?.outcome === 'success')
}

/** The highest row version that one's own earlier mutations of this lane left behind; 0: none is known. */
export function ackedVersion(lane: Lane, name: string): number {
  return lane.reduce((highest, record) => Math.max(highest, (hasEnded(record) && record.ackedVersions?.[name]) || 0), 0)
}

/** True when the mutation succeeded less than `windowMs` ago. */
export function isRecent(record: MutationRecord, now: number, windowMs: number): boolean {
  const result = resultOf(record)
  return result?.outcome === 'success' && isWithin(windowMs, result.at, now)
}
