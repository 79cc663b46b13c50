import { childIds, type ParentOptions, parentAfter } from '../mutation/bulkParent.js'
import type { BulkRecord, MutationRecord, Single } from '../mutation/MutationRecord.js'
import { isBulk } from '../mutation/mutationState.js'
import { recovered, unclaimed } from '../mutation/transitions.js'
import type { Draft } from './Draft.js'
import type { Operation } from './Operation.js'

/** The next record, or undefined to leave it alone. */
export type Decide = (current: MutationRecord) => MutationRecord | undefined

export interface Changed {
  changed: boolean
  /** What stands afterwards. */
  record: MutationRecord | undefined
}

/** One compare-and-set by a person or a tab that looks after others: `decide` sees the record as storage has it. */
export function change(
  { id, parentId }: Pick<MutationRecord, 'id' | 'parentId'>,
  decide: Decide,
  options: Pick<ParentOptions, 'now'> & Partial<ParentOptions>,
): Operation<Changed> {
  return {
    apply: (draft) => {
      const current = draft.get(id)
      const next = current && decide(current)
      if (next === undefined) return { changed: false, record: current }
      draft.write(next)
      updateParent(draft, parentId, { tell: false, shown: true, combine: undefined, ...options })
      return { changed: true, record: next }
    },
  }
}

/** Gives back what was claimed and not sent after all, as if it had not been claimed. */
export function unclaim(sent: Single<'sending'>, now: number): Operation<Changed> {
  return change(sent, (current) => (isSameAttempt(current, sent) ? unclaimed(current) : undefined), { now })
}

/** Gives back a mutation whose sender died or hangs, as one that may have arrived. A settled or missing one is never rewritten. */
export function recover(sent: Single<'sending'>, now: number): Operation<Changed> {
  return change(sent, (current) => (isSameAttempt(current, sent) ? recovered(current) : undefined), { now })
}

/** It stands as `sent`: nobody has taken it over since, or decided it. */
export function isSameAttempt(current: MutationRecord, sent: Single<'sending'>): current is Single<'sending'> {
  return current.state === 'sending' && current.attempts === sent.attempts && current.sender === sent.sender
}

/** Brings a bulk mutation, if there is one, up to date with its children. @returns it, when that changed it */
export function updateParent(draft: Draft, id: string | undefined, options: ParentOptions): BulkRecord | undefined {
  const parent = id === undefined ? undefined : draft.get(id)
  if (parent === undefined || !isBulk(parent)) return undefined
  const next = parentAfter(
    parent,
    childIds(parent).map((child) => draft.single(child)),
    options,
  )
  if (next !== undefined) draft.write(next)
  return next
}
