import type { CombineParts } from '../mutation/bulkParent.js'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import type { Operation } from './Operation.js'
import { updateParent } from './updateParent.js'
import { writeRecord } from './writeRecord.js'

export interface ChangeOptions {
  now: number
  /** For a child: puts the parent's answer together. */
  combine?: CombineParts | undefined
}

/**
 * One compare-and-set: `decide` sees the record as storage has it and returns the next one, or undefined to
 * leave it alone.
 * @returns what stands afterwards, and whether this call changed it
 */
export function change(
  record: MutationRecord,
  decide: (current: MutationRecord) => MutationRecord | undefined,
  options: ChangeOptions,
): Operation<{ changed: boolean; record: MutationRecord | undefined }> {
  const { parentId } = record
  return {
    apply: (draft) => {
      const current = draft.get(record.id)
      const next = current === undefined ? undefined : decide(current)
      if (current === undefined || next === undefined) return { changed: false, record: current }
      writeRecord(draft, next)
      if (parentId !== undefined) {
        // A person is at it.
        updateParent(draft, parentId, { now: options.now, tell: false, shown: true, combine: options.combine })
      }
      return { changed: true, record: next }
    },
  }
}
