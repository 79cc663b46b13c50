import type { MutationRecord, Single, SingleRecord } from '../mutation/MutationRecord.js'
import { hasEnded } from '../mutation/mutationState.js'
import { claimed } from '../mutation/transitions.js'
import type { Draft } from './Draft.js'
import type { Operation } from './Operation.js'

/** What can be sent. */
export type Sendable = Single<'queued' | 'waiting' | 'blocked'>

/**
 * `queued → sending` (or `waiting`, or `blocked`) for all mutations that may run at once.
 * @param pick which ones, decided inside the transaction, on what is stored then: memory is only a hint
 */
export function claim(
  pick: (unfinished: Iterable<MutationRecord>) => readonly Sendable[],
  by: { sender: string; sendingAt: number },
): Operation<readonly Single<'sending'>[]> {
  return {
    apply: (draft) =>
      pick(draft.unfinished()).map((record) => {
        const sending = claimed(record, { ...by, ...expectedVersion(draft, record) })
        draft.write(sending)
        return sending
      }),
  }
}

// One's own earlier write is never one's conflict: the version it left behind counts, when it is higher.
function expectedVersion(draft: Draft, { seenVersion, expectedVersion, lanes }: SingleRecord): { expectedVersion?: number } {
  if (seenVersion === undefined || expectedVersion !== undefined) return {}
  return { expectedVersion: Math.max(seenVersion, ...lanes.flatMap((lane) => draft.lane(lane).map((record) => ackedIn(record, lane)))) }
}

function ackedIn(record: MutationRecord, lane: string): number {
  return (hasEnded(record) && record.ackedVersions?.[lane]) || 0
}
