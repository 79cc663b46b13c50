import type { SqlRow } from '../database/Database.js'
import { postgresErrorOf } from '../database/endingOfError.js'
import type { ActionAnswer, ActionCall, Refusal } from '../ledger/ActionCall.js'
import { claimsOf } from '../ledger/callSettings.js'
import { type AnswerRow, toAnswer } from '../ledger/toAnswer.js'
import type { EffectOutcome } from './outcome.js'
import { statement } from './Statement.js'
import type { Opened } from './TransactionPort.js'

type Query = Opened<unknown>['query']

/** Claims the key in this transaction, whose first statement it is; null: go on. Else what is answered instead. */
export async function claimIn(query: Query, call: ActionCall, refusal: Refusal | null): Promise<ActionAnswer | null> {
  const { caller, key, actionName, fingerprint, ageMs, createdAtMs, ttlMs } = call
  const rows = await query(statement`select * from sync.claim_in_transaction(${caller.tenant}::text, ${caller.actor}::text, ${key}::text,
    ${actionName}::text, ${fingerprint}::text, ${ageMs}::bigint, ${createdAtMs}::bigint, ${ttlMs}::bigint,
    ${refusal?.code ?? null}::text, ${refusal?.retryAfterMs ?? null}::bigint, ${claimsOf(call)}::text)`)
  const row = rows[0] as ((AnswerRow & SqlRow) | { status: null }) | undefined
  return row?.status === null ? null : toAnswer(row)
}

const IN_FAILED_TRANSACTION = '25P02'

/**
 * Records the answer beside its effect: the last statement of the transaction.
 * @throws {TypeError} when the effect went on after a statement of its had failed
 */
export async function recordIn(
  query: Query,
  { caller, key }: ActionCall,
  { status, body }: EffectOutcome & { kind: 'answer' },
): Promise<void> {
  try {
    await query(
      // Not the function's own result: some libraries cannot read one that is nothing.
      statement`select true as recorded
        from sync.record_in_transaction(${caller.tenant}::text, ${caller.actor}::text, ${key}::text, ${status}::int, ${body}::text)`,
    )
  } catch (error) {
    if (postgresErrorOf(error)?.code !== IN_FAILED_TRANSACTION) throw error
    throw new TypeError(
      'The effect answered although a statement of its had failed, which undoes all of it. Let the error out, or set a savepoint before what may fail.',
      { cause: error },
    )
  }
}
