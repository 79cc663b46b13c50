import { type Meaning, meaningOf } from '../codes/meaningOf.js'
import { refusalBody } from '../codes/refusalBody.js'
import type { Database } from '../database/Database.js'
import { DatabaseUnavailableError, sqlStateOf } from '../database/DatabaseError.js'
import { endingOfError } from '../database/endingOfError.js'
import { postgresErrorOf, rootOf } from '../database/PostgresError.js'
import { asDatabaseError } from '../database/pgError.js'
import type { ActionAnswer, ActionCall } from '../ledger/ActionCall.js'
import { afterFailure } from '../ledger/afterFailure.js'
import { recordRefusal } from '../ledger/recordRefusal.js'
import type { Phase } from './EffectAttempt.js'
import type { EffectOutcome } from './outcome.js'

const COME_AGAIN_MS = 1_000
const LONGEST_WAIT_MS = 86_400_000

/** The answer to an effect that said no, and whose transaction was rolled back for it. */
export async function undoneAnswer(
  database: Database,
  call: ActionCall,
  { kind, code, extra }: Exclude<EffectOutcome, { kind: 'answer' }>,
): Promise<ActionAnswer> {
  const meaning = meaningOf(code, call.errorCodes)
  // What is recorded stays: it could never become the yes that such a code promises.
  if (kind === 'refuse' || meaning.retryable) return withoutTrace(meaning, extra)
  return recordRefusal(database, call, { status: meaning.status, body: JSON.stringify(refusalBody(meaning, extra)), reason: null })
}

/**
 * The answer to an effect that failed, and whose transaction was rolled back for it.
 * @throws what it was, where the same call may succeed later
 */
export function afterError(
  database: Database,
  call: ActionCall,
  { error, phase }: { error: unknown; phase: Phase },
): Promise<ActionAnswer> {
  const raised = postgresErrorOf(error)
  if (raised !== null && endingOfError(raised) === 'busy') {
    const code = phase === 'claim' ? 'IDEMPOTENCY_IN_PROGRESS' : 'ROW_BUSY'
    return Promise.resolve(withoutTrace(meaningOf(code), { retryAfterMs: COME_AGAIN_MS }))
  }
  return afterFailure(database, call, asUnavailable(error, phase) ?? error)
}

function withoutTrace(meaning: Meaning, extra: Readonly<Record<string, unknown>>): ActionAnswer {
  const retryAfterMs = waitIn(extra)
  const body = JSON.stringify(refusalBody(meaning, retryAfterMs === null ? extra : { ...extra, retryAfterMs }))
  const told = { replayed: false, recorded: false, ref: null, fingerprintUnknown: false, reason: null }
  return { status: meaning.status, body, retryAfterMs, ...told }
}

function waitIn(extra: unknown): number | null {
  const ms = (extra as { retryAfterMs?: unknown } | null)?.retryAfterMs
  return typeof ms === 'number' && !Number.isNaN(ms) ? Math.round(Math.min(LONGEST_WAIT_MS, Math.max(0, ms))) : null
}

/** Trouble with the connection behind an error; null for every other one. */
function asUnavailable(error: unknown, phase: Phase): DatabaseUnavailableError | null {
  const root = rootOf(error)
  // Of a plain error that an effect threw nobody can tell whether a lost connection was behind it.
  if (phase === 'effect' && sqlStateOf(root) === null && !(typeof root === 'object' && root !== null && 'code' in root)) return null
  const read = asDatabaseError(root)
  return read instanceof DatabaseUnavailableError ? read : null
}
