import type { MutationRecord } from '../mutation/MutationRecord.js'
import type { Draft } from './Draft.js'
import { isJoinable } from './lanes.js'
import { weightOf } from './meta.js'

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
  draft.write(record.id, { ...record, inLanes: stands ? record.lanes : [] })
  count(draft, before, record)
}

/** Deletes a record, as if it had never been there. */
export function deleteRecord(draft: Draft, record: MutationRecord): void {
  const before = draft.get(record.id)
  draft.write(record.id, undefined)
  count(draft, before, undefined)
}

function count(draft: Draft, before: MutationRecord | undefined, after: MutationRecord | undefined): void {
  const change = weightOf(after) - weightOf(before)
  if (change === 0) return
  const { meta } = draft
  const bytes = (after ?? before)?.bytes ?? 0
  draft.meta = { ...meta, unfinished: Math.max(0, meta.unfinished + change), bytes: Math.max(0, meta.bytes + change * bytes) }
}
