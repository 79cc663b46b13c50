import type { Mutation, MutationRecord, Single } from '../mutation/MutationRecord.js'
import { hasEnded, isBulk } from '../mutation/mutationState.js'
import { seenSince, stripped } from '../mutation/transitions.js'
import type { Draft } from './Draft.js'
import type { Operation } from './Operation.js'
import { writeRecord } from './writeRecord.js'

/**
 * Deletes what is settled of a user who has left, so that no text or number of theirs stays on a shared computer beyond
 * clicks that still have to go out. A part of a bulk click that goes on stays, without what it said about rows.
 */
export function leaveBehind(): Operation<void> {
  return {
    strict: true,
    apply: (draft) => {
      for (const { record } of draft.all()) if (record?.state === 'settled') forgetSettled(draft, record)
    },
  }
}

/** Deletes everything of a user, what cannot be read included. */
export function leaveNothing(): Operation<void> {
  return {
    strict: true,
    apply: (draft) => {
      for (const { id } of draft.all()) draft.remove(id)
    },
  }
}

/** Deletes one settled mutation. Successors that still wait take over the version it left, or it would be their conflict. */
export function forgetSettled(draft: Draft, record: Mutation<'settled'>): void {
  handDown(draft, record)
  const parent = record.parentId === undefined ? undefined : draft.get(record.parentId)
  if (parent === undefined || hasEnded(parent) || isBulk(record)) draft.remove(record.id)
  else writeRecord(draft, stripped(record))
}

function handDown(draft: Draft, { ackedVersions = {}, seq }: Mutation<'settled'>): void {
  for (const [lane, version] of Object.entries(ackedVersions)) {
    for (const successor of draft.lane(lane)) {
      const isLater = (successor.seq ?? 0) > (seq ?? 0)
      if (isLater && isUnsent(successor) && successor.seenVersion < version) writeRecord(draft, seenSince(successor, version))
    }
  }
}

// The bytes of one that was attempted are frozen.
function isUnsent(record: MutationRecord): record is Single<'queued'> & { seenVersion: number } {
  return record.state === 'queued' && !isBulk(record) && record.seenVersion !== undefined && record.expectedVersion === undefined
}
