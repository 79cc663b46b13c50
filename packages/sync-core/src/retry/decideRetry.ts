import type { LastError, MutationResult, SingleRecord } from '../mutation/MutationRecord.js'
import { doneUnread } from '../mutation/mutationState.js'
import type { Random } from '../ports/Random.js'
import { textIn } from './answerBody.js'
import { backoff, URGENT_FAILURES } from './backoff.js'
import type { Outcome } from './classifyOutcome.js'
import { spread } from './retryAfter.js'

/** What follows a finished attempt. */
export type Decision =
  /** `proven`: nothing another attempt still does can change it (a success, a recorded refusal, a fenced key). */
  | { next: 'settle'; result: MutationResult; proven: boolean }
  /** The server owns it: ask again with the same key. */
  | { next: 'wait'; at: number }
  | { next: 'retry'; at: number | null; ambiguous: boolean; error: LastError; strikes: SingleRecord['strikes'] }
  /**
   * Ask what stands before anything else: the refusal is no proof while an earlier attempt may have arrived (`refused`),
   * or the answer cannot be read and the ledger may have it (`unread`).
   */
  | { next: 'resolve'; why: 'refused' | 'unread'; error: LastError; strikes: SingleRecord['strikes'] }
  /** Nothing that comes by itself gets it through, though it may have arrived: it goes as a probe only. */
  | { next: 'block'; error: LastError; strikes: SingleRecord['strikes']; ask?: 'unread' }
  | { next: 'unknown'; error: LastError }

export interface DecideOptions {
  now: number
  random: Random
  /** When another request last got an authoritative answer; null: never. */
  othersSucceededAt: number | null
}

/** What counts of the mutation that was sent. */
export type Tried = Pick<SingleRecord, 'ambiguous' | 'attempts' | 'strikes' | 'probes' | 'lastError'>

/** 202 without `Retry-After`. */
const WAIT_MS = 2_000
/** The same key is being worked on, without `Retry-After`. */
const IN_PROGRESS_MS = 1_000
const SERVER_STRIKES = 10
const NO_ECHO_STRIKES = 3
const NO_STRIKES = { server: 0, noEcho: 0, since: 0 }
const NOT_EXECUTED = new Set(['ACTION_EXPIRED', 'ACTION_ABANDONED'])

/**
 * Decides what follows a finished attempt. Pure but for the jitter. `record` is the mutation as it was
 * sent: its `ambiguous` speaks of the attempts before this one.
 */
export function decideRetry(record: Tried, outcome: Outcome, options: DecideOptions): Decision {
  const { now, random } = options
  // Whatever was asked: nobody comes back sooner than the backoff allows.
  const asked = 'retryAfterMs' in outcome ? (outcome.retryAfterMs ?? null) : null
  const waitMs = (defaultMs = 0, failures = record.attempts) => backoff(failures, random, spread(asked ?? defaultMs, random))
  const error = errorOf(outcome, asked, now)
  const retry = (at: number | null, ambiguous = record.ambiguous, strikes = NO_STRIKES): Decision => ({
    next: 'retry',
    at,
    ambiguous,
    error,
    strikes,
  })

  switch (outcome.kind) {
    case 'success':
    case 'partial':
      return settle(outcome.kind, outcome, now)
    case 'accepted':
      if (outcome.unknown) return { next: 'unknown', error: { ...error, code: 'OUTCOME_UNKNOWN' } }
      // What the server has taken over is not failing: it is asked after as often as it says, at most once a second.
      return { next: 'wait', at: now + waitMs(WAIT_MS, (asked ?? 0) >= 1_000 ? 1 : Math.min(record.attempts, URGENT_FAILURES)) }
    case 'unauthenticated':
      return retry(null)
    // It speaks about who is signed in, not about the mutation.
    case 'actor-mismatch':
    case 'pause':
      return retry(now + waitMs())
    case 'in-progress':
      // The same key is being worked on, so an attempt has arrived.
      return retry(now + waitMs(IN_PROGRESS_MS), true)
    case 'unreadable': {
      const strikes = countStrike(record.strikes, 'server', now)
      const isAgain = record.lastError?.code === outcome.code
      // What the ledger holds is done, whoever can read it.
      if (isAgain && outcome.recorded) return { next: 'settle', proven: true, result: doneUnread(outcome.status, now) }
      if (record.probes !== null || isStuck(strikes, null)) return { next: 'block', error, strikes, ask: 'unread' }
      if (isAgain && strikes.server % 2 === 0) return { next: 'resolve', why: 'unread', error, strikes }
      return retry(now + waitMs(), true, strikes)
    }
    case 'transport': {
      const strikes = countStrike(record.strikes, outcome.strike, now)
      // What is blocked stays so until the server itself says something else.
      if (record.probes !== null || isStuck(strikes, options.othersSucceededAt)) return { next: 'block', error, strikes }
      return retry(now + waitMs(), true, strikes)
    }
    case 'refused':
      return decideRefusal(record, outcome, error, now)
    default:
      return outcome satisfies never
  }
}

function decideRefusal(record: Tried, outcome: Extract<Outcome, { kind: 'refused' }>, error: LastError, now: number): Decision {
  const { code, recorded } = outcome
  if (code === 'OUTCOME_UNKNOWN') {
    // Too old for the ledger to remember. What was never sent before was refused for good just now.
    const neverSent = !record.ambiguous && record.attempts <= 1
    return neverSent ? settle('not-executed', outcome, now) : { next: 'unknown', error }
  }
  if (record.ambiguous && !recorded) return { next: 'resolve', why: 'refused', error, strikes: NO_STRIKES }
  return settle(refusalOutcome(code), outcome, now)
}

/** The ledger was asked about an answer that could not be read, and brought nothing: as if it had not been asked. */
export function decideUnread(record: Tried, { now, random }: Pick<DecideOptions, 'now' | 'random'>): Decision {
  const { strikes, lastError } = record
  const error = { ...(lastError ?? { kind: 'unreadable', status: null, code: 'ANSWER_INVALID' }), at: now }
  if (record.probes !== null) return { next: 'block', error, strikes }
  return { next: 'retry', at: now + backoff(record.attempts, random), ambiguous: true, error, strikes }
}

/** How a mutation ended that was refused for good. */
export function refusalOutcome(code: string): 'not-executed' | 'conflict' | 'rejected' {
  if (NOT_EXECUTED.has(code)) return 'not-executed'
  return code === 'VERSION_CONFLICT' ? 'conflict' : 'rejected'
}

type Settling = Extract<Outcome, { kind: 'success' | 'partial' | 'refused' }>

function settle(as: MutationResult['outcome'], outcome: Settling, now: number): Decision {
  const code = 'code' in outcome ? outcome.code : null
  const replayed = 'replayed' in outcome && outcome.replayed
  const proven = outcome.kind !== 'refused' || outcome.recorded
  return { next: 'settle', proven, result: { outcome: as, status: outcome.status, code, body: outcome.body, replayed, at: now } }
}

function countStrike(strikes: SingleRecord['strikes'], strike: 'server' | 'no-echo' | null, now: number): SingleRecord['strikes'] {
  // A lost connection says nothing about the server's opinion: it neither adds to a row nor ends it.
  if (strike === null) return strikes
  if (strike === 'server') return { server: strikes.server + 1, noEcho: 0, since: now }
  const first = strikes.noEcho === 0
  return { server: 0, noEcho: strikes.noEcho + 1, since: first ? now : strikes.since }
}

function isStuck(strikes: SingleRecord['strikes'], othersSucceededAt: number | null): boolean {
  if (strikes.server >= SERVER_STRIKES) return true
  return strikes.noEcho >= NO_ECHO_STRIKES && othersSucceededAt !== null && othersSucceededAt >= strikes.since
}

/** What went wrong, with the server's words, and how long whoever answered asked to wait. */
function errorOf(outcome: Outcome, asked: number | null, at: number): LastError {
  const { kind, status } = outcome
  const code = 'code' in outcome ? (outcome.code ?? 'ACCEPTED') : ''
  const message = 'text' in outcome ? outcome.text : 'body' in outcome ? textIn(outcome.body, 'error') : undefined
  return { kind, status, code, message, retryAfterMs: asked ?? undefined, at }
}
