import { type AnyAction, baseRowSchema } from '@org/contracts'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import type { TransportAnswer } from '../ports/Transport.js'
import { type ClassifyOptions, classifyOutcome, type Outcome } from '../retry/classifyOutcome.js'
import { type DecideOptions, type Decision, decideRetry } from '../retry/decideRetry.js'
import { spread } from '../retry/retryAfter.js'
import { readResolution } from './readResolution.js'

export interface Verdict {
  outcome: Outcome
  decision: Decision
}

/** What an answer means for the mutation it was sent for: classified, then decided. Pure but for the jitter. */
export function judge(record: MutationRecord, answer: TransportAnswer, options: Omit<ClassifyOptions, 'key'> & DecideOptions): Verdict {
  const outcome = classifyOutcome(answer, { key: record.id, requireKeyEcho: options.requireKeyEcho, now: options.now })
  if (record.resolving !== undefined) return judgeResolution(record, answer, outcome, options)
  return { outcome, decision: decideRetry(record, outcome, options) }
}

function judgeResolution(record: MutationRecord, answer: TransportAnswer, outcome: Outcome, options: DecideOptions): Verdict {
  // Without the echo it may be a captive portal's page that happens to be JSON.
  const resolution = outcome.kind === 'transport' ? ({ kind: 'unanswered' } as const) : readResolution(answer)
  const { now, random } = options
  switch (resolution.kind) {
    case 'recorded':
      return { outcome: resolution.outcome, decision: decideRetry(record, resolution.outcome, options) }
    case 'abandoned':
      return { outcome, decision: { next: 'settle', proven: true, result: neverExecuted(record, now) } }
    case 'pending':
      return { outcome, decision: { next: 'wait', at: now + spread(2_000, random) } }
    case 'unknown':
      return { outcome, decision: { next: 'unknown', error: { kind: 'unknown', status: null, code: 'OUTCOME_UNKNOWN', at: now } } }
    case 'unanswered': {
      // Whatever refused the question, it said nothing about the mutation.
      const asked: Outcome =
        outcome.kind === 'success' || outcome.kind === 'partial' || outcome.kind === 'refused' || outcome.kind === 'accepted'
          ? { kind: 'transport', status: outcome.status, code: 'NO_ECHO', strike: 'no-echo' }
          : outcome
      return { outcome: asked, decision: decideRetry(record, asked, options) }
    }
    default:
      return resolution satisfies never
  }
}

/** The refusal that led to the question stands, now that nothing else can have happened. */
export function neverExecuted(record: MutationRecord, now: number) {
  const code = record.resolving === 'refused' ? (record.lastError?.code ?? 'ACTION_ABANDONED') : 'ACTION_ABANDONED'
  const outcome =
    code === 'ACTION_EXPIRED' || code === 'ACTION_ABANDONED' ? 'not-executed' : code === 'VERSION_CONFLICT' ? 'conflict' : 'rejected'
  return { outcome, status: record.lastError?.status ?? null, code, body: null, replayed: false, at: now } as const
}

/** The version the mutation's own row has after it succeeded; null when the answer does not say. */
export function acknowledgedVersion(action: AnyAction, body: unknown): number | null {
  const rows = action.rows(body)
  const parsed = rows.length === 1 ? baseRowSchema.safeParse(rows[0]?.row) : undefined
  return parsed?.success ? parsed.data.version : null
}
