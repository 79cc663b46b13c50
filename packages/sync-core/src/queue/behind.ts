import type { MutationRecord } from '../mutation/MutationRecord.js'
import { failuresOf, holdsLanes } from '../mutation/mutationState.js'
import { bySeq, type RecordChange, type Records } from './Records.js'

/** It has been tried in vain and goes on by itself: whatever is behind it waits for longer than an attempt takes. */
function isHoldingUp(record: MutationRecord | undefined): boolean {
  return record !== undefined && holdsLanes(record) && failuresOf(record) > 0
}

/**
 * True when something ahead of it in one of its lanes holds it up, or is held up itself.
 * @param isSlow whatever is ahead does: it takes longer than a moment
 */
export function isHeldUp(records: Records, record: MutationRecord, isSlow: boolean): boolean {
  const heads = record.lanes.map((lane) => records.lane(lane).find(holdsLanes))
  return heads.some(
    (head) => head !== undefined && bySeq(head, record) < 0 && (isSlow || isHoldingUp(head) || isHeldUp(records, head, isSlow)),
  )
}

/** True when a change of it may be one for what waits behind it: it holds that up from now on, or no longer. */
export function freesOrHolds(records: Records, { before, after }: RecordChange): boolean {
  if (isHoldingUp(before) === isHoldingUp(after)) return false
  const { id, lanes } = (after ?? before)!
  return lanes.some((lane) => records.lane(lane).some((other) => other.id !== id && holdsLanes(other)))
}
