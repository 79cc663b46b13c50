import type { MutationRecord } from '../mutation/MutationRecord.js'
import { writtenAgain } from '../mutation/transitions.js'
import type { Draft } from './Draft.js'
import { writeRecord } from './writeRecord.js'

/**
 * Joins what this tab knows into a database that is not the one it knew: the old one was cleared or deleted, which
 * says nothing about the clicks that waited in it. They are written again under their keys, so the server carries
 * none of them out twice, and as ambiguous: another tab may have sent them without this one having been told.
 * What ended stays ended, whichever tab knows of it; where all of a click has ended, nothing of it is written again.
 * @returns how many mutations were written
 */
export function writeBack(draft: Draft, remembered: Iterable<MutationRecord>): number {
  const records = [...remembered].filter(({ seq }) => seq !== null)
  const open = new Set(records.filter((record) => record.state !== 'settled').map(clickOf))
  let restored = 0
  for (const record of records) {
    const stored = draft.get(record.id)
    const next = stored === undefined ? open.has(clickOf(record)) && record : newerOf(record, stored)
    if (!next) continue
    const rev = Math.max(record.rev, stored?.rev ?? 0) + 1
    // A tab that knew neither this click nor of the loss may have put one of its own there.
    const isTaken = stored === undefined && draft.at(record.seq ?? 0) !== undefined
    const seq = isTaken ? draft.meta.seq + 1 : next.seq
    writeRecord(draft, writtenAgain(next, seq, rev))
    restored += 1
  }
  return restored
}

function newerOf(known: MutationRecord, stored: MutationRecord): MutationRecord | undefined {
  const hasEnded = known.state === 'settled'
  if (hasEnded && stored.state !== 'settled') return known
  // Written again above the revision that this tab knows, or it would go on showing its own copy.
  if (!hasEnded && stored.state === 'settled') return known.rev < stored.rev ? undefined : stored
  return known.rev > stored.rev ? known : undefined
}

// A bulk click is one: its parts that have ended are needed for its answer.
function clickOf({ id, parentId }: MutationRecord): string {
  return parentId ?? id
}
