import type { CombineParts } from '../mutation/bulkParent.js'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import { mergeForks } from '../mutation/mergeForks.js'
import { hasEnded, isBulk } from '../mutation/mutationState.js'
import { sameRequest } from '../mutation/sameRequest.js'
import { writtenAgain } from '../mutation/transitions.js'
import type { Away, Reached } from './Away.js'
import { updateParent } from './change.js'
import type { Draft } from './Draft.js'
import { type Entry, placeOf, recordOf } from './entry.js'
import { bySeq } from './Records.js'

export interface WriteBackOptions {
  now: number
  tabId: string
  /** The database is not the one this tab knew: that was cleared or deleted, which says nothing about the clicks that waited in it. */
  isAnew: boolean
  /** No other tab was ever heard of, so none can have sent what this one knows. */
  isAlone: boolean
  /** Undefined: this tab had not left storage, so all it knows was there. */
  away: Away | undefined
  combineOf: (action: string) => CombineParts | undefined
}

/**
 * Brings together what this tab holds and what is stored, drafted over all of the latter. What both know is merged;
 * what is stored alone is learned; what this tab alone knows is written under its key, so the server carries
 * none of it out twice, unless it was on this very disk and was removed from there on purpose.
 * @returns how many mutations were missing and were written
 */
export function writeBack(draft: Draft, memory: readonly Entry[], options: WriteBackOptions): number {
  const records = memory.flatMap((entry) => recordOf(entry) ?? []).sort(bySeq)
  // A dead letter waits for a person.
  const open = new Set(records.filter(({ state }) => state !== 'settled').map(clickOf))
  const taken = new Set(draft.stored().map(placeOf))
  let written = 0
  for (const record of records) {
    const stored = draft.get(record.id)
    if (stored !== undefined) meet(draft, record, stored, options)
    else if (isMissed(record, open, options)) {
      draft.write(again(record, draft.meta.seq + 1, taken, options))
      written += 1
    }
  }
  for (const { id, action } of records.filter((record) => isBulk(record) && !hasEnded(record))) {
    updateParent(draft, id, { now: options.now, tell: false, shown: false, combine: options.combineOf(action) })
  }
  return written
}

function meet(draft: Draft, record: MutationRecord, stored: MutationRecord, options: WriteBackOptions): void {
  if (options.away?.isUntouched(record)) return
  const merged = mergeForks(record, stored, options)
  if (!sameRequest({ ...merged, rev: 0 }, { ...stored, rev: 0 })) draft.write(merged)
}

// What had ended in a database that was cleared is forgotten with it, but for the parts of a click that goes on.
function isMissed(record: MutationRecord, open: ReadonlySet<string>, { isAnew, away }: WriteBackOptions): boolean {
  return isAnew ? open.has(clickOf(record)) : reachedBy(record, away) !== 'disk'
}

function again(record: MutationRecord, nextSeq: number, taken: ReadonlySet<unknown>, { isAlone, away }: WriteBackOptions): MutationRecord {
  const came = reachedBy(record, away)
  // A place of the database before stands for the order of the clicks, unless a tab that knew nothing of it gave it away.
  const keepsPlace = came === 'disk' && !taken.has(record.seq)
  const mayBeSent = came === 'maybe' || (came === 'disk' && !isAlone)
  return writtenAgain(record, keepsPlace ? record.seq : nextSeq, mayBeSent)
}

function reachedBy({ id }: MutationRecord, away: Away | undefined): Reached {
  return away === undefined ? 'disk' : away.reached(id)
}

// A bulk click is one: its parts that have ended are needed for its answer.
function clickOf({ id, parentId }: MutationRecord): string {
  return parentId ?? id
}
