import type { IdempotencyKey } from '@org/contracts'
import type { Database, SqlRow } from '../database/Database.js'
import type { ActionAnswer, Caller } from './ActionCall.js'
import { type AnswerRow, toAnswer } from './toAnswer.js'

/** A key whose fate its owner wants settled. Ages as in `ActionCall`. */
export interface ResolveCall {
  caller: Caller
  key: IdempotencyKey
  ageMs: number | null
  createdAtMs: number | null
}

/**
 * POST /api/mutations/:key/resolve: claims the key as abandoned, or returns what stands. The only
 * thing that may say "never executed": it waits for an uncommitted claim of the key, and a request
 * with this key that arrives later gets 410. What an open answer stands for is taken back if it has not happened yet. The
 * body is `mutationStateSchema`; a claim still under way after 2 s is 409 IDEMPOTENCY_IN_PROGRESS.
 */
export async function resolveMutation(database: Database, call: ResolveCall): Promise<ActionAnswer> {
  const [row] = await database.write<AnswerRow & SqlRow>('select * from sync.resolve_mutation($1, $2, $3, $4::bigint, $5::bigint)', [
    call.caller.tenant,
    call.caller.actor,
    call.key,
    call.ageMs,
    call.createdAtMs,
  ])
  return toAnswer(row)
}
