import { ERROR_CODES } from '@org/contracts'
import { refusalBody } from '../codes/refusalBody.js'
import type { Database } from '../database/Database.js'
import { DatabaseUnavailableError } from '../database/DatabaseError.js'
import { endingOfError, reasonOfError } from '../database/endingOfError.js'
import { postgresErrorOf } from '../database/PostgresError.js'
import type { ActionAnswer, ActionCall } from './ActionCall.js'
import { findAnswer } from './findAnswer.js'
import { recordRefusal } from './recordRefusal.js'

/** What the ledger's functions raise for whoever writes effects, in sentences of ours. */
const OUR_SENTENCE = 'SY002'
const REFUSED = { code: 'EFFECT_REFUSED', ...ERROR_CODES.EFFECT_REFUSED }

/**
 * What a failed call is answered: what stands, or a recorded refusal where a rule of the database said no.
 * @throws what it was, where nothing stands: the same call may succeed later
 */
export async function afterFailure(database: Database, call: ActionCall, error: unknown): Promise<ActionAnswer> {
  if (error instanceof DatabaseUnavailableError) return whatStands(database, call, error)
  const raised = postgresErrorOf(error)
  if (raised === null) throw error
  // As an error of ours, so that the sentence reaches the log.
  if (raised.code === OUR_SENTENCE) throw new TypeError(raised.message, { cause: error })
  if (endingOfError(raised) !== 'refused') throw error
  const body = JSON.stringify(refusalBody(REFUSED))
  return recordRefusal(database, call, { status: REFUSED.status, body, reason: reasonOfError(raised) })
}

// The connection may have died after the commit: then the ledger holds the answer, and a 503 would be untrue.
async function whatStands(database: Database, call: ActionCall, cause: Error): Promise<ActionAnswer> {
  const answer = await findAnswer(database, call).catch(() => null)
  if (answer === null) throw cause
  return answer
}
