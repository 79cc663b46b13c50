import type { Mutation, MutationRecord, Single } from '../mutation/MutationRecord.js'
import { hasEnded, isBulk } from '../mutation/mutationState.js'
import { revised, stripped } from '../mutation/transitions.js'
import type { Draft } from './Draft.js'
import { recordOf } from './entry.js'
import { isWithin } from './isWithin.js'
import type { Operation } from './Operation.js'
import type { Records } from './Records.js'

const KEPT = 200
const KEPT_MS = 24 * 60 * 60_000
/**
 * A click's place stays taken for so long after the click, so that no tab that trusts what it knows takes it for free.
 * Longer by far, as a click may wait a while for its transaction.
 */
const PLACE_KEPT_MS = 60_000
/** Forgotten in one step, so that no transaction takes long. */
const AT_ONCE = 250

/**
 * The settled mutations whose time is up: all but the last 200, and those older than a day. A child stays until
 * its parent has been put together. Oldest first; not all at once.
 */
export function pickForgettable(records: Records, now: number): MutationRecord[] {
  const forgettable: MutationRecord[] = []
  let beyond = records.settledCount - KEPT
  if (records.settledCount === 0) return forgettable
  for (const record of records.settled()) {
    beyond -= 1
    const isOld = now - record.result.at > KEPT_MS
    if ((beyond < 0 && !isOld) || isPlaceKept(record, now)) break
    const parent = record.parentId === undefined ? undefined : records.get(record.parentId)
    if (parent === undefined || parent.state === 'settled') forgettable.push(record)
    if (forgettable.length >= AT_ONCE) break
  }
  return forgettable
}

/** Another tab may not know yet that its place was taken. */
export function isPlaceKept({ storedAt }: MutationRecord, now: number): boolean {
  return isWithin(PLACE_KEPT_MS, storedAt ?? 0, now)
}

/** Deletes settled mutations; one that another tab changed meanwhile is left alone. */
export function forget(records: readonly MutationRecord[]): Operation<void> {
  return {
    apply: (draft) => {
      for (const { id } of records) forgetIfSettled(draft, draft.get(id))
    },
  }
}

/**
 * Deletes what is settled of a user who has left, so that no text or number of theirs stays on a shared computer beyond
 * clicks that still have to go out. A part of a bulk click that goes on stays, without what it said about rows.
 */
export function leaveBehind(): Operation<void> {
  return {
    strict: true,
    apply: (draft) => {
      for (const entry of draft.stored()) forgetIfSettled(draft, recordOf(entry))
    },
  }
}

/** Deletes everything of a user, what cannot be read included. */
export function leaveNothing(): Operation<void> {
  return {
    strict: true,
    apply: (draft) => {
      for (const { id } of draft.stored()) draft.remove(id)
    },
  }
}

/** Successors that still wait take over the version that it left, or it would be their conflict. */
function forgetIfSettled(draft: Draft, record: MutationRecord | undefined): void {
  if (record?.state !== 'settled') return
  handDown(draft, record)
  const parent = record.parentId === undefined ? undefined : draft.get(record.parentId)
  if (parent === undefined || hasEnded(parent) || isBulk(record)) draft.remove(record.id)
  else draft.write(stripped(record))
}

function handDown(draft: Draft, { ackedVersions = {}, seq }: Mutation<'settled'>): void {
  for (const [lane, version] of Object.entries(ackedVersions)) {
    for (const successor of draft.lane(lane)) {
      const isLater = (successor.seq ?? 0) > (seq ?? 0)
      if (isLater && isUnsent(successor) && successor.seenVersion < version) draft.write(revised(successor, { seenVersion: version }))
    }
  }
}

// The bytes of one that was attempted are frozen.
function isUnsent(record: MutationRecord): record is Single<'queued'> & { seenVersion: number } {
  return record.state === 'queued' && !isBulk(record) && record.seenVersion !== undefined && record.expectedVersion === undefined
}
