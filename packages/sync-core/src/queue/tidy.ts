import type { MutationRecord } from '../mutation/MutationRecord.js'
import { resultOf } from '../mutation/mutationState.js'
import { isWithin } from './isWithin.js'
import { forgetSettled } from './leaveBehind.js'
import type { Operation } from './Operation.js'
import type { QueueMirror } from './QueueMirror.js'
import { PLACE_KEPT_MS } from './StoredQueue.js'

const KEPT = 200
const KEPT_MS = 24 * 60 * 60_000
/** Forgotten in one step, so that no transaction takes long. */
const AT_ONCE = 250

/**
 * The settled mutations whose time is up: all but the last 200, and those older than a day. A child stays until
 * its parent has been put together. Oldest first; not all at once.
 */
export function pickForgettable(mirror: QueueMirror, now: number): MutationRecord[] {
  const forgettable: MutationRecord[] = []
  let beyond = mirror.settledCount - KEPT
  for (const record of mirror.settled()) {
    beyond -= 1
    const isOld = now - (resultOf(record)?.at ?? 0) > KEPT_MS
    if ((beyond < 0 && !isOld) || isPlaceKept(record, now)) break
    const parent = record.parentId === undefined ? undefined : mirror.get(record.parentId)
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
      for (const { id } of records) {
        const current = draft.get(id)
        if (current?.state === 'settled') forgetSettled(draft, current)
      }
    },
  }
}
