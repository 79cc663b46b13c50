import { childIds, type ParentOptions, parentAfter } from '../mutation/bulkParent.js'
import type { BulkRecord } from '../mutation/MutationRecord.js'
import { isBulk } from '../mutation/mutationState.js'
import type { Draft } from './Draft.js'
import { writeRecord } from './writeRecord.js'

/** Brings a bulk mutation up to date with its children. */
export function updateParent(draft: Draft, parentId: string, options: ParentOptions): BulkRecord | undefined {
  const parent = draft.get(parentId)
  if (parent === undefined || !isBulk(parent)) return undefined
  const children = childIds(parent).map((id) => draft.single(id))
  const next = parentAfter(parent, children, options)
  if (next !== undefined) writeRecord(draft, next)
  return next
}
