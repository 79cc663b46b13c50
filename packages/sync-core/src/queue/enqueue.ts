import type { MutationRecord } from '../mutation/MutationRecord.js'
import { sameRequest } from '../mutation/sameRequest.js'
import type { Draft } from './Draft.js'
import { isJoinable, isRecent, isTakenOver, lastDone, lastPending } from './lanes.js'
import type { Operation } from './Operation.js'
import { writeRecord } from './writeRecord.js'

export type Enqueued =
  | { kind: 'stored' }
  /** The last unfinished mutation of each lane means the same: this click is that one. */
  | { kind: 'joined'; id: string }
  /** The same has just succeeded. */
  | { kind: 'duplicate'; id: string }
  | { kind: 'full' }

export interface EnqueueOptions {
  now: number
  maxUnfinished: number
  maxBytes: number
  /** A repetition within this time of success is no new mutation; 0: always a new one. */
  duplicateWindowMs: number
}

/**
 * Stores one click: a single mutation, or a parent followed by its children. Whether it joins a pending
 * one is decided here, inside the transaction, so that two tabs agree.
 */
export function enqueue(records: readonly [MutationRecord, ...MutationRecord[]], options: EnqueueOptions): Operation<Enqueued> {
  const [click] = records
  return {
    strict: true,
    apply: (draft) => {
      const lanes = click.lanes.map((lane) => draft.lane(lane))
      const means = (id: string | undefined): MutationRecord | undefined => {
        const other = id === undefined ? undefined : draft.get(id)
        return other?.action === click.action && sameRequest(other.request, click.request) ? other : undefined
      }
      const pending = means(common(lanes.map(lastPending)))
      if (pending !== undefined && isJoinable(pending)) return { kind: 'joined', id: pending.id }
      if (options.duplicateWindowMs > 0) {
        // Not necessarily the last one: a person who sends A, then B, then A does not want a second A while the first is on its way.
        const takenOver = lanes[0]?.findLast((other) => isTakenOver(other) && means(other.id) !== undefined)
        if (takenOver !== undefined) return { kind: 'joined', id: takenOver.id }
      }
      const done = means(common(lanes.map(lastDone)))
      if (done !== undefined && isRecent(done, options.now, options.duplicateWindowMs)) return { kind: 'duplicate', id: done.id }
      if (isFull(draft, records, options)) return { kind: 'full' }
      for (const record of records) store(draft, record, options.now)
      return { kind: 'stored' }
    },
  }
}

function store(draft: Draft, record: MutationRecord, now: number): void {
  const { meta } = draft
  const seq = meta.seq + 1
  draft.meta = { ...meta, seq }
  writeRecord(draft, { ...record, seq, storedAt: now, rev: record.rev + 1 })
}

function isFull(draft: Draft, records: readonly MutationRecord[], options: EnqueueOptions): boolean {
  const { meta } = draft
  const sent = records.filter((record) => record.children === undefined)
  const bytes = sent.reduce((sum, record) => sum + record.bytes, 0)
  return meta.unfinished + sent.length > options.maxUnfinished || meta.bytes + bytes > options.maxBytes
}

// The children of one parent stand in different lanes but are one click.
function common(records: readonly (MutationRecord | undefined)[]): string | undefined {
  const clicks = new Set(records.map((record) => record?.parentId ?? record?.id))
  return clicks.size === 1 ? [...clicks][0] : undefined
}
