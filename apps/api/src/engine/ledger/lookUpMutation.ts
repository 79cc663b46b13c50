import type { IdempotencyKey } from '@org/contracts'
import type { Database, SqlRow } from '../database/Database.js'
import type { ActionAnswer, Caller } from './ActionCall.js'
import { type AnswerRow, toAnswer } from './toAnswer.js'

/**
 * GET /api/mutations/:key: what stands for a key of one's own, as the body of the answer
 * (`mutationStateSchema`); 404 when the ledger does not know it, which does not mean that it was never sent.
 */
export async function lookUpMutation(database: Database, { caller, key }: { caller: Caller; key: IdempotencyKey }): Promise<ActionAnswer> {
  const [row] = await database.write<AnswerRow & SqlRow>('select * from sync.look_up_mutation($1, $2, $3)', [
    caller.tenant,
    caller.actor,
    key,
  ])
  return toAnswer(row)
}
