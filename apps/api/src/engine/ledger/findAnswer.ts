import type { IdempotencyKey } from '@org/contracts'
import type { Database, SqlRow } from '../database/Database.js'
import type { ActionAnswer, Caller } from './ActionCall.js'
import { type AnswerRow, toAnswer } from './toAnswer.js'

/** One key of one caller, and what its request looked like. */
export interface KeyedRequest {
  caller: Caller
  key: IdempotencyKey | null
  fingerprint: string
}

/**
 * Asks the ledger what was answered to this key; null when it does not know the key. Ask it before
 * refusing a request for any other reason. An open answer that reached its end meanwhile gets its final
 * answer recorded here.
 */
export async function findAnswer(database: Database, { caller, key, fingerprint }: KeyedRequest): Promise<ActionAnswer | null> {
  if (key === null) return null
  const [row] = await database.write<AnswerRow & SqlRow>('select * from sync.find_answer($1, $2, $3, $4)', [
    caller.tenant,
    caller.actor,
    key,
    fingerprint,
  ])
  return row === undefined ? null : toAnswer(row)
}
