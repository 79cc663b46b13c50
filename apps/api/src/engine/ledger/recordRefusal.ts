import type { Database, SqlRow } from '../database/Database.js'
import type { ActionAnswer, ActionCall } from './ActionCall.js'
import { type AnswerRow, toAnswer } from './toAnswer.js'

/** A no whose effect was undone. */
export interface UndoneAnswer {
  status: number
  body: string
  /** Which rule of the database it was, for the log; null when the effect itself said no. */
  reason: string | null
}

/**
 * Records the answer of an effect that was undone, in a transaction of its own: what failed can record nothing. Whoever
 * came in between with the same key keeps theirs, which then is the answer.
 */
export async function recordRefusal(database: Database, call: ActionCall, { status, body, reason }: UndoneAnswer): Promise<ActionAnswer> {
  const { caller, key, actionName, fingerprint } = call
  const [row] = await database.write<AnswerRow & SqlRow>('select * from sync.record_refusal($1, $2, $3, $4, $5, $6::int, $7, $8)', [
    caller.tenant,
    caller.actor,
    key,
    actionName,
    fingerprint,
    status,
    body,
    reason,
  ])
  return toAnswer(row)
}
