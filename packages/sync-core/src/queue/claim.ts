import type { MutationRecord, Single, SingleRecord } from '../mutation/MutationRecord.js'
import { hasEnded, holdsLanes } from '../mutation/mutationState.js'
import { claimed } from '../mutation/transitions.js'
import type { Draft } from './Draft.js'
import type { Operation } from './Operation.js'

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
        draft.write(sending)
        result.claimed.push(sending)
      }
      return result
    },
  }
}

function isDue(record: SingleRecord, options: ClaimOptions): record is Single<'queued' | 'waiting' | 'blocked'> {
  return (record.state === 'queued' || record.state === 'waiting' || record.state === 'blocked') && options.isDue(record)
}

function isBlocked(draft: Draft, record: SingleRecord): boolean {
  return holdsLanes(record) && record.lanes.some((lane) => draft.lane(lane).find(holdsLanes)?.id !== record.id)
}

// One's own earlier write is never one's conflict: the version it left behind counts, when it is higher.
function expectedVersion(draft: Draft, { seenVersion, expectedVersion, lanes }: SingleRecord): { expectedVersion?: number } {
  if (seenVersion === undefined || expectedVersion !== undefined) return {}
  return { expectedVersion: Math.max(seenVersion, ...lanes.flatMap((lane) => draft.lane(lane).map((record) => ackedIn(record, lane)))) }
}

function ackedIn(record: MutationRecord, lane: string): number {
  return (hasEnded(record) && record.ackedVersions?.[lane]) || 0
}
