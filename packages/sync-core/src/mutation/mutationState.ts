import type { MutationRecord, MutationResult, MutationState } from './MutationRecord.js'

const NEXT: Record<MutationState, readonly MutationState[]> = {
  queued: ['queued', 'sending', 'blocked', 'unknown', 'settled', 'dead'],
  // sending → sending is a take-over from a tab that hangs
  sending: ['queued', 'sending', 'waiting', 'blocked', 'unknown', 'settled', 'dead'],
  waiting: ['waiting', 'sending', 'blocked', 'unknown', 'settled', 'dead'],
  blocked: ['queued', 'unknown', 'settled', 'dead'],
  unknown: ['queued', 'blocked', 'settled', 'dead'],
  dead: ['queued', 'settled'],
  // settled → settled: told, or taken off the screen
  settled: ['settled'],
}

/** True when a mutation may go from one state to the other. A settled one never comes back. */
export function canBecome(from: MutationState, to: MutationState): boolean {
  return NEXT[from].includes(to)
}

/**
 * The record's next version. Pure.
 * @throws {RangeError} when the table does not allow the step; a bug in the queue, never bad input
 */
export function become(record: MutationRecord, state: MutationState, changes: Partial<MutationRecord> = {}): MutationRecord {
  if (!canBecome(record.state, state)) throw new RangeError(`a mutation cannot go from ${record.state} to ${state}`)
  return { ...record, ...changes, state, rev: record.rev + 1 }
}

/** An ending that no answer of the action itself told. */
export function endingWithoutAnswer(outcome: MutationResult['outcome'], code: string, at: number): MutationResult {
  return { outcome, status: null, code, body: null, replayed: false, at }
}

/** `queued` and `sending` keep later mutations of the same lanes waiting. */
export function holdsLanes(record: MutationRecord): boolean {
  return (record.state === 'queued' || record.state === 'sending') && !record.accepted && record.children === undefined
}

/** Tries at sending. Asking after what the server has taken over is none. */
export function attemptsOf({ attempts, polls = 0 }: MutationRecord): number {
  return attempts - polls
}

/** What changes when the last claim was no attempt that anyone could have carried out. */
export function withoutAttempt({ attempts, accepted, polls = 0 }: MutationRecord): Partial<MutationRecord> {
  return { attempts: attempts - 1, ...(accepted ? { polls: polls - 1 } : {}) }
}

/** Goes on by itself, so its provisional change is still expected to come true. */
export function isPending(record: MutationRecord): boolean {
  return record.state === 'queued' || record.state === 'sending' || record.state === 'waiting'
}

/** Counts towards the queue's limit; dead letters are counted apart. */
export function isUnfinished(record: MutationRecord): boolean {
  return record.state !== 'settled' && record.state !== 'dead'
}
