import * as z from 'zod/mini'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import { isUnfinished } from '../mutation/mutationState.js'
import type { Draft } from './Draft.js'
import { isForgettable, type Lane, laneKey, placeInLane, toLane } from './lanes.js'

export const META_KEY = 'meta'

const metaSchema = z.object({ seq: z.number(), unfinished: z.number(), bytes: z.number() })
export type QueueMeta = z.infer<typeof metaSchema>

export function readMeta(draft: Draft): QueueMeta {
  const parsed = metaSchema.safeParse(draft.get(META_KEY))
  return parsed.success ? parsed.data : { seq: 0, unfinished: 0, bytes: 0 }
}

/** The entries that `writeRecord` reads. A parent has no lanes of its own: its children hold them. */
export function keysOf(record: MutationRecord): string[] {
  return record.children === undefined ? [record.id, META_KEY, ...record.lanes.map(laneKey)] : [record.id, META_KEY]
}

/** The record as storage has it now; undefined when it is gone or was written by another version. */
export function readRecord(draft: Draft, id: string): MutationRecord | undefined {
  const value = draft.get(id) as MutationRecord | undefined
  return value?.v === 1 ? value : undefined
}

/**
 * Writes a record with everything that must agree with it: its lanes and the queue's counts.
 * @param updateLane a further change of each lane, for what a success leaves behind
 */
export function writeRecord(draft: Draft, record: MutationRecord, updateLane: (lane: Lane) => Lane = (lane) => lane): void {
  const before = readRecord(draft, record.id)
  draft.put(record.id, record)
  if (record.children !== undefined) return
  for (const name of record.lanes) {
    const key = laneKey(name)
    const lane = toLane(draft.get(key))
    const next = updateLane(placeInLane(lane, record))
    if (!sameLane(lane, next)) draft.put(key, isForgettable(next) ? undefined : next)
  }
  count(draft, before, record)
}

/** Deletes a record, as if it had never been there. */
export function deleteRecord(draft: Draft, record: MutationRecord): void {
  writeRecord(draft, { ...record, state: 'settled' })
  draft.put(record.id, undefined)
}

function count(draft: Draft, before: MutationRecord | undefined, after: MutationRecord): void {
  const change = Number(isUnfinished(after)) - Number(before !== undefined && isUnfinished(before))
  if (change === 0) return
  const meta = readMeta(draft)
  draft.put(META_KEY, { ...meta, unfinished: Math.max(0, meta.unfinished + change), bytes: Math.max(0, meta.bytes + change * after.bytes) })
}

// Most steps of a mutation leave its lanes as they are; not writing them is half of a claim's cost.
function sameLane(left: Lane, right: Lane): boolean {
  return (
    left.acked === right.acked &&
    left.done === right.done &&
    left.items.length === right.items.length &&
    left.items.every(([seq, id, holds], index) => {
      const other = right.items[index]!
      return other[0] === seq && other[1] === id && other[2] === holds
    })
  )
}
