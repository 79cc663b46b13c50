import type { Click } from '../mutation/createMutation.js'
import { isBulk } from '../mutation/mutationState.js'
import { revised } from '../mutation/transitions.js'
import type { Draft } from './Draft.js'
import { findSame, type SameOptions } from './findSame.js'
import type { Operation } from './Operation.js'

export type Enqueued =
  | { kind: 'stored' }
  /** Another mutation means the same: this click is that one. */
  | { kind: 'joined'; id: string }
  | { kind: 'full' }

export interface EnqueueOptions extends SameOptions {
  maxUnfinished: number
  maxBytes: number
  /** What was known of others when nothing was found that means the same; as long as nothing is added, nobody looks again. */
  lookedAt?: number
}

/**
 * Stores one click: a single mutation, or a parent followed by its children. Whether it joins a pending
 * one is decided here, inside the transaction, so that two tabs agree.
 */
export function enqueue(records: Click, options: EnqueueOptions): Operation<Enqueued> {
  const [click] = records
  return {
    strict: true,
    apply: (draft) => {
      // A storage that failed may have kept it all the same.
      if (draft.get(click.id) !== undefined) return { kind: 'stored' }
      const same = draft.news === options.lookedAt ? undefined : findSame(draft, click, options)
      if (same !== undefined) return { kind: 'joined', id: same.id }
      if (isFull(draft, records, options)) return { kind: 'full' }
      for (const record of records) draft.write(revised(record, { seq: draft.meta.seq + 1, storedAt: options.now }))
      return { kind: 'stored' }
    },
  }
}

function isFull(draft: Draft, records: Click, options: EnqueueOptions): boolean {
  const sent = records.filter((record) => !isBulk(record))
  const bytes = sent.reduce((sum, record) => sum + record.bytes, 0)
  return draft.taken.mutations + sent.length > options.maxUnfinished || draft.taken.bytes + bytes > options.maxBytes
}
