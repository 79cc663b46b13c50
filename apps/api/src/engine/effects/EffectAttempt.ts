import { insideTransaction } from '../database/insideTransaction.js'
import type { ActionAnswer, ActionCall, Refusal } from '../ledger/ActionCall.js'
import type { Effect } from './Effect.js'
import { claimIn, recordIn } from './ledgerStatements.js'
import { type EffectOutcome, isOutcome } from './outcome.js'
import type { Opened } from './TransactionPort.js'
import { untilEnded } from './untilEnded.js'

/** How far a transaction came. */
export type Phase = 'claim' | 'effect' | 'record'

/** One transaction of one call: claim, effect, recorded answer; and, when it failed, how far it came. */
export class EffectAttempt<Tx, Request> {
  readonly #effect: Effect<Tx, Request>
  readonly #call: ActionCall<Request>
  #isOver = false
  #answer: ActionAnswer | null = null
  #endHandle = (): void => undefined
  phase: Phase = 'claim'
  /** The effect's no, for which everything it did is undone; null while it has not said so. */
  no: Exclude<EffectOutcome, { kind: 'answer' }> | null = null

  constructor(effect: Effect<Tx, Request>, call: ActionCall<Request>) {
    this.#effect = effect
    this.#call = call
  }

  /** Runs in the open transaction, anew where a library tries again; it rejects where that must be rolled back. */
  async run(opened: Opened<Tx>, refusal: Refusal | null): Promise<void> {
    this.phase = 'claim'
    this.no = null
    this.#answer = null
    if (this.#isOver) throw new TypeError('This transaction began after its call had been given up, so it is undone.')
    this.#answer = (await claimIn(opened.query, this.#call, refusal)) ?? (await this.#carryOut(opened))
  }

  /**
   * The answer of the transaction that committed, whatever the library makes of what runs in it.
   * @throws {TypeError} when none ran
   */
  answered(): ActionAnswer {
    if (this.#answer !== null) return this.#answer
    throw new TypeError(
      'The `transaction` given to inLedger resolved although nothing had run in it to its end. It must run its work, and reject as that does.',
    )
  }

  async #carryOut({ tx, query }: Opened<Tx>): Promise<ActionAnswer> {
    const call = this.#call
    this.phase = 'effect'
    const { handle, end } = untilEnded(tx)
    this.#endHandle = end
    let outcome: EffectOutcome
    try {
      outcome = requireOutcome(await insideTransaction(async () => this.#effect({ tx: handle, call, request: call.request }), end), call)
    } catch (error) {
      throw isOutcome(error) ? thrownOutcome(error, call) : error
    }
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

  /** Nothing of the effect reaches the transaction any more, and one that has not begun never does. Safe to call twice. */
  end(): void {
    this.#isOver = true
    this.#endHandle()
  }
}

// It is no error, and has no message that a log could show.
function thrownOutcome({ kind }: EffectOutcome, { actionName }: ActionCall): TypeError {
  return new TypeError(`The effect of ${actionName} threw ${kind}(…), so it was undone. Let it return ${kind}(…).`)
}

function requireOutcome(outcome: EffectOutcome | undefined, { actionName }: ActionCall): EffectOutcome {
  if (isOutcome(outcome)) return outcome
  throw new TypeError(
    `The effect of ${actionName} ended without an answer, so it was undone. Let it return answer(…), reject(…) or refuse(…).`,
  )
}
