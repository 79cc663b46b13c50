import type { BulkFailure } from '@org/contracts/client'
import type { LastError, Mutation, MutationRecord, MutationResult, Single, SingleRecord } from './MutationRecord.js'
import { isBulk } from './mutationState.js'

/*
 * Every step a mutation may take, as pure functions from one state's record to the next one's: what was true in the
 * former state alone does not come along. A settled mutation never comes back.
 */

type Idle = Single<'queued' | 'waiting' | 'blocked'>
type Unended = Exclude<SingleRecord, Single<'settled' | 'dead'>>
type Stopped = Mutation<'unknown' | 'settled' | 'dead'>

/** More is known of it, and it stands where it stood. */
export function revised<Record extends MutationRecord>(record: Record, news: Partial<Omit<Record, 'state' | 'rev'>>): Record {
  return { ...record, ...news, rev: record.rev + 1 }
}

/** It was not taken. */
export function refused(record: Mutation<'queued'>, result: MutationResult): Mutation<'settled'> {
  return isBulk(record) ? { ...revised(record, {}), state: 'settled', result } : settled(record, { result })
}

/** A tab is about to send it, or to ask. */
export function claimed(record: Idle, by: { sender: string; sendingAt: number; expectedVersion?: number }): Single<'sending'> {
  const { accepted, attempts, resolving } = record
  const polled = accepted && { ...accepted, polls: accepted.polls + 1 }
  return { ...kept(record), ...by, state: 'sending', resolving, attempts: attempts + 1, accepted: polled }
}

/** It was not sent after all. */
export function unclaimed(record: Single<'sending'>): Idle {
  return onward(record, null, withoutAttempt(record))
}

/** Its tab died, or hangs, while it was sending: it may have arrived. */
export function recovered(record: Single<'sending'>): Idle {
  return onward(record, null, { ambiguous: true })
}

/** It is tried again. @param isAttempt false: it was refused at the door, which nobody could have carried out */
export function retried(
  record: Single<'sending'>,
  plan: { at: number | null; ambiguous: boolean; error: LastError; strikes: SingleRecord['strikes'] },
  isAttempt: boolean,
): Idle {
  const { at, ambiguous, error, strikes } = plan
  const changes = { ambiguous, lastError: error, strikes, probes: null, ...(isAttempt ? {} : withoutAttempt(record)) }
  return onward({ ...record, resolving: lastingQuestionOf(record) }, at, changes)
}

/** The server answered that it owns the effect. */
export function accepted(record: Single<'sending'>, at: number, untried: boolean): Single<'waiting'> {
  const polls = record.accepted?.polls ?? 0
  return {
    ...kept(record),
    state: 'waiting',
    ambiguous: true,
    accepted: { untried, polls },
    probes: null,
    lastError: null,
    nextAttemptAt: at,
  }
}

/** A refusal that proves nothing: what stands is asked before anything else. */
export function questioned(
  record: Single<'sending'>,
  { why, error, strikes }: { why: 'refused' | 'unread'; error: LastError; strikes: SingleRecord['strikes'] },
): Single<'queued'> {
  return { ...asking(record, why), lastError: error, strikes, ambiguous: record.ambiguous || why === 'unread' }
}

/** Its row shows that it took effect: what stands is looked at before anything else. */
export function echoed(record: Single<'queued' | 'blocked' | 'unknown'>, resolving: 'echoed' | 'unread'): Single<'queued'> {
  return { ...asking(record, resolving), ambiguous: true }
}

/** It was refused so often that it goes on as a probe only: with the same key, since it may have arrived. */
export function blocked(
  record: Single<'sending'>,
  { error, strikes, ask }: { error: LastError; strikes: SingleRecord['strikes']; ask?: 'unread' },
): Single<'blocked'> {
  const probes = record.probes === null ? 0 : record.probes + 1
  const resolving = ask ?? lastingQuestionOf(record)
  return { ...kept(record), state: 'blocked', resolving, ambiguous: true, lastError: error, strikes, probes }
}

/** Nobody will know by itself: a person has to decide. */
export function leftOpen(
  record: Single<'sending'>,
  { lastError, ...told }: { lastError: LastError; notifiedAt?: number },
): Single<'unknown'> {
  return { ...kept(record), ...told, state: 'unknown', lastError, ambiguous: true, probes: null }
}

export interface Ending {
  result: MutationResult
  notifiedAt?: number
  dismissed?: boolean
  ackedVersions?: Record<string, number>
}

/** It has ended, and whoever has to see that does. */
export function settled(record: Unended, ending: Ending): Single<'settled'> {
  return { ...kept(record), ...ending, state: 'settled' }
}

/** It has ended otherwise than was wanted, and nobody has seen that. */
export function buried(record: Unended, ending: Ending): Single<'dead'> {
  return { ...kept(record), ...ending, state: 'dead' }
}

/** A person saw the dead letter. */
export function seen(record: Mutation<'dead'>): Mutation<'settled'> {
  return { ...revised(record, {}), state: 'settled' }
}

/** A person lets it be tried again with its own key: as nobody knows what became of it, that is asked first. */
export function revived(record: Single<'unknown'>): Single<'queued'> {
  return { ...asking(record, 'retry'), strikes: { server: 0, noEcho: 0, since: 0 } }
}

/** A person took it off the screen; a dead letter has been seen then. */
export function dismissed(record: Stopped): Stopped {
  return { ...(record.state === 'dead' ? seen(record) : revised(record, {})), dismissed: true }
}

/** What the whole needs of its settled part, once its user has left: which rows it was about, and how many took effect. */
export function stripped(record: Single<'settled'>): Single<'settled'> {
  return revised(record, { result: { ...record.result, body: countsIn(record.result.body) } })
}

// Rows, and texts about them, belong to people; counts do not.
function countsIn(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return null
  const counts = Object.entries(body).filter(([, value]) => typeof value === 'number' || typeof value === 'boolean')
  const lists = Object.entries(body).flatMap(([name, value]) => (Array.isArray(value) ? [[name, value.flatMap(failureIn)]] : []))
  return Object.fromEntries([...counts, ...lists])
}

/** One row's failure, of those that an answer lists; what is none says nothing. */
export function failureIn(item: unknown): BulkFailure[] {
  const { leadId, code } = (item ?? {}) as { leadId?: unknown; code?: unknown }
  return typeof leadId === 'string' && typeof code === 'string' ? [{ leadId, code }] : []
}

/** Written to a storage that lacks it. @param mayBeSent another tab may have sent it, unheard */
export function writtenAgain(record: MutationRecord, seq: number | null, mayBeSent: boolean): MutationRecord {
  if (isBulk(record)) return revised(record, { seq })
  return revised(record, { seq, ambiguous: record.ambiguous || (mayBeSent && record.state !== 'settled') })
}

/** What stands is asked next, as soon as possible. */
function asking(record: SingleRecord, resolving: NonNullable<Single<'queued'>['resolving']>): Single<'queued'> {
  return { ...kept(record), state: 'queued', probes: null, nextAttemptAt: null, resolving }
}

/** Back to where it waits for its next turn. */
function onward(
  record: Single<'sending'>,
  nextAttemptAt: number | null,
  changes: Partial<Pick<SingleRecord, 'ambiguous' | 'lastError' | 'strikes' | 'probes' | 'attempts' | 'accepted'>>,
): Idle {
  const next = { ...kept(record), resolving: record.resolving, ...changes }
  if (next.probes !== null) return { ...next, state: 'blocked' }
  return { ...next, state: record.accepted ? 'waiting' : 'queued', nextAttemptAt }
}

function withoutAttempt({ attempts, accepted }: Single<'sending'>): Pick<SingleRecord, 'attempts' | 'accepted'> {
  return { attempts: attempts - 1, accepted: accepted && { ...accepted, polls: accepted.polls - 1 } }
}

// The ledger is asked once in a while about what cannot be read, and sending goes on between.
function lastingQuestionOf({ resolving }: Single<'sending'>): Single<'sending'>['resolving'] {
  return resolving === 'unread' ? undefined : resolving
}

type OfSomeStates =
  | 'state'
  | 'resolving'
  | 'nextAttemptAt'
  | 'sender'
  | 'sendingAt'
  | 'notifiedAt'
  | 'dismissed'
  | 'result'
  | 'ackedVersions'

/** What stays true in every state. */
function kept(record: SingleRecord): Omit<SingleRecord, OfSomeStates> {
  const { resolving, nextAttemptAt, sender, sendingAt, notifiedAt, dismissed, result, ackedVersions, ...rest } = record as SingleRecord &
    Partial<Record<OfSomeStates, unknown>>
  return { ...rest, rev: record.rev + 1 }
}
