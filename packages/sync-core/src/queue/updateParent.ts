import { childIds, type ParentOptions, parentAfter } from '../mutation/bulkParent.js'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import type { Draft } from './Draft.js'
import { writeRecord } from './writeRecord.js'

/** Brings a bulk mutation up to date with its children. */
export function updateParent(draft: Draft, parentId: string, options: ParentOptions): MutationRecord | undefined {
  const parent = draft.get(parentId)
  if (parent === undefined || parent.result !== undefined) return undefined
  const children = childIds(parent).map((id) => draft.get(id))
  const next = parentAfter(parent, children, options)
  if (next !== undefined) writeRecord(draft, next)
  return next
}
