import { insideTransaction } from '../database/insideTransaction.js'
import type { ActionAnswer, ActionCall, Refusal } from '../ledger/ActionCall.js'
import type { Effect } from './Effect.js'
import { claimIn, recordIn } from './ledgerStatements.js'
import type { EffectOutcome } from './outcome.js'
import type { Opened } from './TransactionPort.js'

/** How far a transaction came. */
export type Phase = 'claim' | 'effect' | 'record'

/** One transaction of one call: claim, effect, recorded answer; and, when it failed, how far it came. */
export class EffectAttempt<Tx, Request> {
  readonly #effect: Effect<Tx, Request>
  readonly #call: ActionCall<Request>
  phase: Phase = 'claim'
  /** The effect's no, for which everything it did is undone; null while it has not said so. */
  no: Exclude<EffectOutcome, { kind: 'answer' }> | null = null

  constructor(effect: Effect<Tx, Request>, call: ActionCall<Request>) {
    this.#effect = effect
    this.#call = call
  }

  /** Runs in the open transaction; it rejects where that must be rolled back. */
  async run({ tx, query }: Opened<Tx>, refusal: Refusal | null): Promise<ActionAnswer> {
    const call = this.#call
    const standing = await claimIn(query, call, refusal)
    if (standing !== null) return standing
    this.phase = 'effect'
    const outcome = requireOutcome(await insideTransaction(async () => this.#effect({ tx, call, request: call.request })), call)
    if (outcome.kind !== 'answer') {
      this.no = outcome
      throw new Error('The effect said no, so what it did is undone.')
    }
    this.phase = 'record'
    await recordIn(query, call, outcome)
    const { status, body } = outcome
    const told = { replayed: false, retryAfterMs: null, ref: null, fingerprintUnknown: false, reason: null }
    return { status, body, recorded: call.key !== null, ...told }
  }
}

function requireOutcome(outcome: EffectOutcome | undefined, { actionName }: ActionCall): EffectOutcome {
  if (outcome?.kind === 'answer' || outcome?.kind === 'reject' || outcome?.kind === 'refuse') return outcome
  throw new TypeError(
    `The effect of ${actionName} ended without an answer, so it was undone. Let it return answer(…), reject(…) or refuse(…).`,
  )
}
