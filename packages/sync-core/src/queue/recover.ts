import type { Single } from '../mutation/MutationRecord.js'
import { recovered } from '../mutation/transitions.js'
import type { Operation } from './Operation.js'
import { writeRecord } from './writeRecord.js'

/** A tab that has been `sending` for longer than this hangs; its request has timed out long ago. */
export const TAKE_OVER_AFTER_MS = 45_000

/**
 * Gives back a mutation whose sender died or hangs: to the queue, as ambiguous, by compare-and-set on that
 * very attempt. A settled or missing record is never rewritten.
 */
export function recover(stuck: Single<'sending'>): Operation<boolean> {
  return {
    apply: (draft) => {
      const current = draft.single(stuck.id)
      if (current?.state !== 'sending' || current.attempts !== stuck.attempts || current.sender !== stuck.sender) return false
      writeRecord(draft, recovered(current))
      return true
    },
  }
}
