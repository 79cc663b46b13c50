import { postgresErrorOf } from '../database/PostgresError.js'
import { type LedgerRow, statement } from '../database/Statement.js'
import type { ActionAnswer, ActionCall, Refusal } from '../ledger/ActionCall.js'
import { claimsOf } from '../ledger/callSettings.js'
import { readAnswer } from '../ledger/toAnswer.js'
import type { EffectOutcome } from './outcome.js'
import type { Opened } from './TransactionPort.js'

type Query = Opened<unknown>['query']

/** Claims the key in this transaction, whose first statement it is; null: go on. Else what is answered instead. */
export function claimIn(query: Query, call: ActionCall, refusal: Refusal | null): PromiseLike<ActionAnswer | null> {
  const { caller, key, actionName, fingerprint, ageMs, createdAtMs, ttlMs } = call
  return query(
    statement`select to_json(sync.claim_in_transaction(${caller.tenant}::text, ${caller.actor}::text, ${key}::text,
    ${actionName}::text, ${fingerprint}::text, ${ageMs}::bigint, ${createdAtMs}::bigint, ${ttlMs}::bigint,
    ${refusal?.code ?? null}::text, ${refusal?.retryAfterMs ?? null}::bigint, ${claimsOf(call)}::text))::text as answer`,
    'first',
  ).then(([row]) => {
    const { answer } = (row ?? {}) as Partial<LedgerRow>
    return answer === null ? null : readAnswer(answer)
  })
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
      statement`select 'recorded' as answer
        from sync.record_in_transaction(${caller.tenant}::text, ${caller.actor}::text, ${key}::text, ${status}::int, ${body}::text)`,
      'last',
    )
  } catch (error) {
    if (postgresErrorOf(error)?.code !== IN_FAILED_TRANSACTION) throw error
    throw new TypeError(
      'The effect answered although a statement of its had failed, which undoes all of it. Let the error out, or set a savepoint before what may fail.',
      { cause: error },
    )
  }
}
