import type { MutationRecord } from '../mutation/MutationRecord.js'
import { isUnfinished } from '../mutation/mutationState.js'
import type { Draft } from './Draft.js'
import { isJoinable } from './lanes.js'
import type { Reads } from './Operation.js'

/** What `writeRecord` looks at. */
export function readsOf(record: MutationRecord): Reads {
  return { ids: [record.id], lanes: record.inLanes }
}

/**
 * Writes a record with everything that must agree with it: its place in lanes and the queue's counts.
 * @param staysInLanes a settled one that later mutations of its lanes still need to know of
 */
export function writeRecord(
  draft: Draft,
  record: MutationRecord,
  staysInLanes = record.state === 'settled' && record.inLanes.length > 0,
): void {
  const before = draft.get(record.id)
  // A parent's children stand in the lanes for it.
  const stands = record.children === undefined && (isJoinable(record) || staysInLanes)
  draft.put({ ...record, inLanes: stands ? record.lanes : [] })
  count(draft, before, record)
}

/** Deletes a record, as if it had never been there. */
export function deleteRecord(draft: Draft, record: MutationRecord): void {
  const before = draft.get(record.id)
  draft.delete(record.id)
  count(draft, before, undefined)
}

function count(draft: Draft, before: MutationRecord | undefined, after: MutationRecord | undefined): void {
  const change = weight(after) - weight(before)
  if (change === 0) return
  const { meta } = draft
  const bytes = (after ?? before)?.bytes ?? 0
  draft.meta = { ...meta, unfinished: Math.max(0, meta.unfinished + change), bytes: Math.max(0, meta.bytes + change * bytes) }
}

function weight(record: MutationRecord | undefined): number {
  return record !== undefined && record.children === undefined && isUnfinished(record) ? 1 : 0
}
