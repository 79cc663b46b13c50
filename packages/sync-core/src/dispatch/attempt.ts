import { type AnyAction, baseRowSchema } from '@org/contracts/client'
import { patchesOf } from '../mutation/foldOverlay.js'
import type { MutationResult, Single, SingleRecord } from '../mutation/MutationRecord.js'
import { doneUnread, endingWithoutAnswer } from '../mutation/mutationState.js'
import type { TransportAnswer } from '../ports/Transport.js'
import { type ClassifyOptions, classifyOutcome, type Outcome } from '../retry/classifyOutcome.js'
import { type DecideOptions, type Decision, decideRetry, decideUnread, refusalOutcome, type Tried } from '../retry/decideRetry.js'
import { rowRef } from '../store/rowRef.js'
import { readResolution } from './readResolution.js'

export interface Verdict {
  outcome: Outcome
  decision: Decision
}

/**
 * Why it is asked what stands for a key: its refusal proves nothing, or a person wants it again, or not at all; or it is
 * only looked at, because its answer could not be read, or its row shows that it took effect.
 */
export type ResolveReason = 'refused' | 'retry' | 'cancel' | 'unread' | 'echoed'

export interface JudgeOptions extends Omit<ClassifyOptions, 'key' | 'action'>, DecideOptions {
  action: AnyAction
  /** The answer is one to this question. @default what the record says it asks */
  asked?: ResolveReason
}

/** The mutation as it was sent, or asked about. */
export type Judged = Tried & Pick<SingleRecord, 'id'> & Pick<Single<'sending'>, 'resolving'>

/** What an answer means for the mutation it was sent for: classified, then decided. Pure but for the jitter. */
export function judge(record: Judged, answer: TransportAnswer, options: JudgeOptions): Verdict {
  const { requireKeyEcho, now } = options
  const asked = options.asked ?? record.resolving
  const action = asked === undefined ? options.action : null
  const outcome = classifyOutcome(answer, { action, key: record.id, requireKeyEcho, now })
  if (asked === undefined) return { outcome, decision: decideRetry(record, outcome, options) }
  const resolution = readResolution(answer, { ...options, key: record.id, isEchoed: outcome.kind !== 'transport' })
  if (typeof resolution === 'object') return resolved(record, resolution, options)
  if (isLook(asked)) return { outcome, decision: afterLook(record, outcome, asked, options) }
  switch (resolution) {
    case 'abandoned':
      return { outcome, decision: { next: 'settle', proven: true, result: neverExecuted(record, asked, now) } }
    case 'unknown':
      return leftOpen(outcome, now)
    case 'unanswered': {
      // An API of another make has no ledger to ask: nobody will know whether the earlier attempt took effect.
      if (asked === 'refused' && outcome.kind === 'refused' && !requireKeyEcho) return leftOpen(outcome, now)
      // Whatever refused the question, it said nothing about the mutation.
      const isAboutMutation =
        outcome.kind === 'success' || outcome.kind === 'partial' || outcome.kind === 'refused' || outcome.kind === 'accepted'
      const unanswered: Outcome = isAboutMutation
        ? { kind: 'transport', status: outcome.status, code: 'NO_ECHO', strike: 'no-echo', retryAfterMs: null }
        : outcome
      return { outcome: unanswered, decision: decideRetry(record, unanswered, options) }
    }
    default:
      return resolution satisfies never
  }
}

function leftOpen(outcome: Outcome, at: number): Verdict {
  return { outcome, decision: { next: 'unknown', error: { kind: 'unknown', status: null, code: 'OUTCOME_UNKNOWN', at } } }
}

/** What stands is an answer to the mutation itself. */
function resolved(record: Judged, outcome: Outcome, options: JudgeOptions): Verdict {
  const isUseless = outcome.kind === 'unreadable' && !outcome.recorded
  return { outcome, decision: isUseless ? decideUnread(record, options) : decideRetry(record, outcome, options) }
}

/** It is only looked at what stands: the key is not fenced by it. */
export function isLook(asked: ResolveReason | undefined): asked is 'unread' | 'echoed' {
  return asked === 'unread' || asked === 'echoed'
}

/** The ledger did not tell what stands. Where the row shows that it took effect, that is enough. */
function afterLook(record: Judged, outcome: Outcome, asked: 'unread' | 'echoed', options: JudgeOptions): Decision {
  const isAnswered = outcome.status !== null && outcome.status < 500
  if (!isAnswered || outcome.kind === 'pause' || outcome.kind === 'unauthenticated') return decideRetry(record, outcome, options)
  return asked === 'echoed' ? { next: 'settle', proven: true, result: doneUnread(null, options.now) } : decideUnread(record, options)
}

/** The refusal that led to the question stands, now that nothing else can have happened. */
function neverExecuted({ lastError }: Judged, asked: ResolveReason, now: number): MutationResult {
  const refusal = asked === 'refused' ? lastError : null
  const code = refusal?.code ?? (asked === 'cancel' ? 'CANCELLED' : 'ACTION_ABANDONED')
  const outcome = asked === 'cancel' ? 'cancelled' : refusalOutcome(code)
  return { ...endingWithoutAnswer(outcome, code, now), status: refusal?.status ?? null }
}

/**
 * By lane, the versions that the answer's rows have. A single row is the single lane's; else each lane must have an
 * overlay of its own, given in the same order, to know which row it is about.
 */
export function acknowledgedVersions(record: SingleRecord, action: AnyAction, body: unknown): Record<string, number> {
  const rows = new Map(action.rows(body).flatMap(({ table, row }) => versionIn(table, row)))
  const [lane, ...others] = record.lanes
  const [version] = rows.size === 1 ? rows.values() : []
  if (lane !== undefined && others.length === 0) return version === undefined ? {} : { [lane]: version }
  const patches = patchesOf(record, action)
  if (patches.length !== record.lanes.length) return {}
  const versions = record.lanes.map((lane, index) => [lane, rows.get(rowRef(patches[index]!.table, patches[index]!.id))])
  return Object.fromEntries(versions.filter(([, version]) => version !== undefined))
}

function versionIn(table: string, row: unknown): [ref: string, version: number][] {
  const parsed = baseRowSchema.safeParse(row)
  return parsed.success ? [[rowRef(table, parsed.data.id), parsed.data.version]] : []
}
