import type { BulkRecord, MutationRecord, MutationResult, MutationState, SingleRecord } from './MutationRecord.js'

/** Goes on by itself, so its provisional change is still expected to come true. */
export function isPending<Record extends MutationRecord>(
  record: Record,
): record is Extract<Record, { state: 'queued' | 'sending' | 'waiting' | 'blocked' }> {
  return PENDING[record.state]
}

/** Nothing more will be done for it. */
export function hasEnded<Record extends MutationRecord>(record: Record): record is Extract<Record, { state: 'settled' | 'dead' }> {
  return record.state === 'settled' || record.state === 'dead'
}

export function isBulk(record: MutationRecord): record is BulkRecord {
  return record.children !== undefined
}

/** `queued` and `sending` keep later mutations of the same lanes waiting, unless they are asked after or go as a probe only. */
export function holdsLanes(record: MutationRecord): record is SingleRecord {
  return !isBulk(record) && !record.accepted && record.probes === null && (record.state === 'queued' || record.state === 'sending')
}

/** An attempt may have reached the server. */
export function isAmbiguous(record: MutationRecord): boolean {
  return !isBulk(record) && record.ambiguous
}

/** The server answered 202 and owns the effect. */
export function isAccepted(record: MutationRecord): boolean {
  return !isBulk(record) && record.accepted !== null
}

/** Requests begun for it, those that only asked included. */
export function claimsOf(record: MutationRecord): number {
  return isBulk(record) ? 0 : record.attempts
}

/** Tries at sending. Asking after what the server has taken over is none. */
export function attemptsOf(record: MutationRecord): number {
  return isBulk(record) ? 0 : record.attempts - (record.accepted?.polls ?? 0)
}

/** Tries that are over and came to nothing. */
export function failuresOf(record: SingleRecord): number {
  return record.state === 'sending' ? record.attempts - 1 : record.attempts
}

/** How it ended; undefined while it has not. */
export function resultOf(record: MutationRecord | undefined): MutationResult | undefined {
  return record !== undefined && hasEnded(record) ? record.result : undefined
}

/** It took effect, and nobody here can read the answer that says how. */
export function doneUnread(status: number | null, at: number): MutationResult {
  return { outcome: 'success', status, code: 'ANSWER_INVALID', body: null, replayed: true, at }
}

/** ... which is known of this ending. */
export function isUnread(result: MutationResult | undefined): boolean {
  return result?.outcome === 'success' && result.code === 'ANSWER_INVALID'
}

/** When it is tried again; null: as soon as possible, or not by itself. */
export function plannedFor(record: MutationRecord): number | null {
  return !isBulk(record) && (record.state === 'queued' || record.state === 'waiting') ? record.nextAttemptAt : null
}

/** When its ending was told; undefined: not yet. */
export function toldAt(record: MutationRecord): number | undefined {
  return isPending(record) ? undefined : record.notifiedAt
}

/** A person took it off the screen. */
export function isDismissed(record: MutationRecord): boolean {
  return !isPending(record) && record.dismissed === true
}

/** An ending that no answer of the action itself told. */
export function endingWithoutAnswer(outcome: MutationResult['outcome'], code: string, at: number): MutationResult {
  return { outcome, status: null, code, body: null, replayed: false, at }
}

const PENDING: Readonly<{ [State in MutationState]: boolean }> = {
  queued: true,
  sending: true,
  waiting: true,
  blocked: true,
  unknown: false,
  settled: false,
  dead: false,
}
