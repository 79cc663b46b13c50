import type { Database, SqlParameter } from '../database/Database.js'
import { inSpan } from '../telemetry/spans.js'
import type { ActionAnswer, ActionCall, ActionOptions } from './ActionCall.js'
import { afterFailure } from './afterFailure.js'
import { claimsOf, codesOf } from './callSettings.js'
import { readAnswer } from './toAnswer.js'

const RUN_PARAMETERS = '$1, $2, $3, $4, $5, $6::jsonb, $7::bigint, $8::bigint, $9::bigint, $10, $11::bigint, $12::jsonb, $13'

/**
 * Runs one action exactly once: one round trip and one transaction that claims the ledger row,
 * carries out the effect and stores the answer.
 * @param effect name of the effect in schema `sync`, as given to `sync.define_action`, for example "rename_contact".
 *   Part of the statement: a constant of the code, never input.
 * @throws {TypeError} when the effect answered with what is no answer; it was undone
 * @throws {DatabaseUnavailableError} when the database cannot be reached and the ledger could not be asked either
 */
export async function runAction(
  database: Database,
  { effect, call, options = {} }: { effect: string; call: ActionCall; options?: ActionOptions },
): Promise<ActionAnswer> {
  try {
    const statement = `select to_json(sync.run_${effect}(${RUN_PARAMETERS}))::text as answer`
    const run = () =>
      inSpan('ledger', { kind: 'client', attributes: { 'app.action': call.actionName } }, () =>
        database.write<{ answer: string }>(statement, parameters(call, options), { isFrequent: true }),
      )
    const [row] = await (options.inTurn === undefined ? run() : options.inTurn(run))
    return readAnswer(row?.answer)
  } catch (error) {
    return afterFailure(database, call, error)
  }
}

function parameters(call: ActionCall, options: ActionOptions): SqlParameter[] {
  return [
    call.caller.tenant,
    call.caller.actor,
    call.key,
    call.actionName,
    call.fingerprint,
    JSON.stringify(call.request),
    call.ageMs,
    call.createdAtMs,
    call.ttlMs,
    options.refusal?.code ?? null,
    options.refusal?.retryAfterMs ?? null,
    codesOf(call),
    claimsOf(call),
  ]
}
