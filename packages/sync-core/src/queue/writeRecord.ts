import type { MutationRecord } from '../mutation/MutationRecord.js'
import { isBulk } from '../mutation/mutationState.js'
import type { Draft } from './Draft.js'
import { isJoinable } from './lanes.js'

/**
 * Writes a record with its place in lanes.
 * @param staysInLanes a settled one that later mutations of its lanes still need to know of
 */
export function writeRecord(
  draft: Draft,
  record: MutationRecord,
  staysInLanes = record.state === 'settled' && record.inLanes.length > 0,
): void {
  // A parent's children stand in the lanes for it.
  const stands = !isBulk(record) && (isJoinable(record) || staysInLanes)
  draft.write({ ...record, inLanes: stands ? record.lanes : [] })
}
