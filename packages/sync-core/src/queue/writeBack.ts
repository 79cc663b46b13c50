import type { CombineParts } from '../mutation/bulkParent.js'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import { mergeForks } from '../mutation/mergeForks.js'
import { hasEnded, isBulk } from '../mutation/mutationState.js'
import { sameRequest } from '../mutation/sameRequest.js'
import { writtenAgain } from '../mutation/transitions.js'
import type { Draft } from './Draft.js'
import { updateParent } from './updateParent.js'
import { writeRecord } from './writeRecord.js'

/** Whether a mutation that this tab holds ever came to disk. `maybe`: its transaction hung, and nobody knows how that ended. */
export type Reached = 'disk' | 'maybe' | 'never'

export interface WriteBackOptions {
  now: number
  tabId: string
  /** The database is not the one this tab knew: that was cleared or deleted, which says nothing about the clicks that waited in it. */
  isAnew: boolean
  /** No other tab was ever heard of, so none can have sent what this one knows. */
  isAlone: boolean
  reached: (record: MutationRecord) => Reached
  /** As it was when it was last read from disk, so disk knows it at least as well. */
  isUntouched: (record: MutationRecord) => boolean
  combineOf: (action: string) => CombineParts | undefined
}

/**
 * Brings together what this tab holds and what is stored, drafted over all of the latter. What both know is merged;
 * what is stored alone is learned; what this tab alone knows is written under its key, so the server carries
 * none of it out twice, unless it was on this very disk and was removed from there on purpose.
 * @returns how many mutations were missing and were written
 */
export function writeBack(draft: Draft, memory: Iterable<MutationRecord>, options: WriteBackOptions): number {
  const records = [...memory].filter(({ seq }) => seq !== null).sort((left, right) => (left.seq ?? 0) - (right.seq ?? 0))
  // A dead letter waits for a person.
  const open = new Set(records.filter(({ state }) => state !== 'settled').map(clickOf))
  const parents = new Set<string>()
  let written = 0
  for (const record of records) {
    const stored = draft.get(record.id)
    if (stored !== undefined) meet(draft, record, stored, options)
    else if (isMissed(record, open, options)) {
      writeRecord(draft, again(draft, record, options))
      written += 1
    }
    if (isBulk(record) && !hasEnded(record)) parents.add(record.id)
  }
  for (const id of parents) {
    const combine = options.combineOf(draft.get(id)?.action ?? '')
    updateParent(draft, id, { now: options.now, tell: false, shown: false, combine })
  }
  return written
}

function meet(draft: Draft, record: MutationRecord, stored: MutationRecord, options: WriteBackOptions): void {
  if (options.isUntouched(record)) return
  const merged = mergeForks(record, stored, options)
  if (!sameRequest({ ...merged, rev: 0, inLanes: [] }, { ...stored, rev: 0, inLanes: [] })) writeRecord(draft, merged)
}

// What had ended in a database that was cleared is forgotten with it, but for the parts of a click that goes on.
function isMissed(record: MutationRecord, open: ReadonlySet<string>, { isAnew, reached }: WriteBackOptions): boolean {
  return isAnew ? open.has(clickOf(record)) : reached(record) !== 'disk'
}

function again(draft: Draft, record: MutationRecord, { isAlone, reached }: WriteBackOptions): MutationRecord {
  const came = reached(record)
  // A place of the database before stands for the order of the clicks, unless a tab that knew nothing of it gave it away.
  const keepsPlace = came === 'disk' && draft.at(record.seq ?? 0) === undefined
  const mayBeSent = came === 'maybe' || (came === 'disk' && !isAlone)
  return writtenAgain(record, keepsPlace ? record.seq : draft.meta.seq + 1, mayBeSent)
}

// A bulk click is one: its parts that have ended are needed for its answer.
function clickOf({ id, parentId }: MutationRecord): string {
  return parentId ?? id
}
