import type { Single, SingleRecord } from '../mutation/MutationRecord.js'
import { holdsLanes } from '../mutation/mutationState.js'
import { claimed, unclaimed } from '../mutation/transitions.js'
import type { Draft } from './Draft.js'
import { ackedVersion, blockerOf } from './lanes.js'
import type { Operation } from './Operation.js'
import { writeRecord } from './writeRecord.js'

export interface ClaimOptions {
  now: number
  /** The tab that will send. */
  tabId: string
  /** What stands in storage is still to be sent now, by the same rules by which it was picked. */
  isDue: (record: Single<'queued' | 'waiting' | 'blocked'>) => boolean
}

export interface Claimed {
  claimed: Single<'sending'>[]
  /** Those this tab was wrong about. */
  refused: string[]
}

/**
 * `queued → sending` (or `waiting`, or `blocked`) by compare-and-set for all mutations that may run at once:
 * still due, and nothing earlier in any of their lanes. Memory is only a hint.
 * @param pick which ones, asked inside the transaction: by then more may have been answered
 */
export function claim(pick: () => readonly { id: string }[], options: ClaimOptions): Operation<Claimed> {
  return {
    apply: (draft) => {
      const result: Claimed = { claimed: [], refused: [] }
      for (const { id } of pick()) {
        const current = draft.single(id)
        if (current === undefined || !isDue(current, options) || isBlocked(draft, current)) {
          result.refused.push(id)
          continue
        }
        const sending = claimed(current, { sender: options.tabId, sendingAt: options.now, ...expectedVersion(draft, current) })
        writeRecord(draft, sending)
        result.claimed.push(sending)
      }
      return result
    },
  }
}

/** Gives back what was claimed and not sent after all, as if it had not been claimed. */
export function unclaim(records: readonly Single<'sending'>[]): Operation<void> {
  return {
    apply: (draft) => {
      for (const { id, attempts, sender } of records) {
        const current = draft.single(id)
        if (current?.state !== 'sending' || current.attempts !== attempts || current.sender !== sender) continue
        writeRecord(draft, unclaimed(current))
      }
    },
  }
}

function isDue(record: SingleRecord, options: ClaimOptions): record is Single<'queued' | 'waiting' | 'blocked'> {
  return (record.state === 'queued' || record.state === 'waiting' || record.state === 'blocked') && options.isDue(record)
}

function isBlocked(draft: Draft, record: SingleRecord): boolean {
  return holdsLanes(record) && record.inLanes.some((lane) => blockerOf(draft.lane(lane), record) !== undefined)
}

// One's own earlier write is never one's conflict: the version it left behind counts, when it is higher.
function expectedVersion(draft: Draft, record: SingleRecord): { expectedVersion?: number } {
  if (record.seenVersion === undefined || record.expectedVersion !== undefined) return {}
  return { expectedVersion: Math.max(record.seenVersion, ...record.inLanes.map((lane) => ackedVersion(draft.lane(lane), lane))) }
}
