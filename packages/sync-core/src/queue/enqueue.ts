import type { MutationRecord } from '../mutation/MutationRecord.js'
import { sameRequest } from '../mutation/sameRequest.js'
import type { Draft } from './Draft.js'
import { isJoinable, type Lane, laneKey, lastInLane, toLane } from './lanes.js'
import type { Operation } from './Operation.js'
import { META_KEY, readMeta, readRecord, writeRecord } from './writeRecord.js'

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
  const lanesOf = (draft: Draft): Lane[] => click.lanes.map((lane) => toLane(draft.get(laneKey(lane))))
  return {
    strict: true,
    reads: [META_KEY, ...click.lanes.map(laneKey), ...records.map((record) => record.id)],
    readsNext: (draft) => [pendingOf(lanesOf(draft)), doneOf(lanesOf(draft))].filter((id) => id !== undefined),
    apply: (draft) => {
      const means = (id: string | undefined): MutationRecord | undefined => {
        const other = id === undefined ? undefined : readRecord(draft, id)
        return other?.action === click.action && sameRequest(other.request, click.request) ? other : undefined
      }
      const lanes = lanesOf(draft)
      const pending = means(pendingOf(lanes))
      if (pending !== undefined && isJoinable(pending)) return { kind: 'joined', id: pending.id }
      const done = means(doneOf(lanes))
      const doneAt = done?.result?.outcome === 'success' ? done.result.at : Number.NEGATIVE_INFINITY
      if (done !== undefined && options.now - doneAt < options.duplicateWindowMs) return { kind: 'duplicate', id: done.id }
      if (isFull(draft, records, options)) return { kind: 'full' }
      for (const record of records) store(draft, record, options.now)
      return { kind: 'stored' }
    },
  }
}

function store(draft: Draft, record: MutationRecord, now: number): void {
  const meta = readMeta(draft)
  const seq = meta.seq + 1
  draft.put(META_KEY, { ...meta, seq })
  writeRecord(draft, { ...record, seq, storedAt: now, rev: record.rev + 1 })
}

function isFull(draft: Draft, records: readonly MutationRecord[], options: EnqueueOptions): boolean {
  const meta = readMeta(draft)
  const sent = records.filter((record) => record.children === undefined)
  const bytes = sent.reduce((sum, record) => sum + record.bytes, 0)
  return meta.unfinished + sent.length > options.maxUnfinished || meta.bytes + bytes > options.maxBytes
}

function pendingOf(lanes: readonly Lane[]): string | undefined {
  return common(lanes.map(lastInLane))
}

function doneOf(lanes: readonly Lane[]): string | undefined {
  return common(lanes.map((lane) => lane.done?.id))
}

// The children of one parent stand in different lanes but are one click.
function common(ids: readonly (string | undefined)[]): string | undefined {
  const parents = new Set(ids.map((id) => id?.replace(/_\d{4}$/, '')))
  return parents.size === 1 ? [...parents][0] : undefined
}
