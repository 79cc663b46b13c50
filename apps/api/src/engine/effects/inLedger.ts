import type { Database, OpenTransaction } from '../database/Database.js'
import { refuseInsideTransaction } from '../database/insideTransaction.js'
import { withTimeout } from '../database/withTimeout.js'
import type { ActionAnswer, ActionCall, ActionOptions, InTurn } from '../ledger/ActionCall.js'
import { inSpan } from '../telemetry/spans.js'
import type { Effect } from './Effect.js'
import { EffectAttempt } from './EffectAttempt.js'
import { proveTransaction } from './proveTransaction.js'
import { ownTransaction, type TransactionPort } from './TransactionPort.js'
import { afterError, undoneAnswer } from './undone.js'

export interface InLedgerOptions<Tx> {
  /** How the team's library opens a transaction. @default the database's own, with `tx.query(text, values)` */
  transaction: TransactionPort<Tx>
}

/**
 * A team's transaction that has not ended by then is given up, or it would keep its place and its lane from everybody for ever.
 * It may still commit: whoever asks for the key again is told by the ledger. Above a route's limit. Milliseconds.
 */
const LONGEST_MS = 15_000

/** Runs one call of an action: what `actionRoute` takes. */
export type RunEffect<Request> = (call: ActionCall<Request>, options?: ActionOptions) => Promise<ActionAnswer>

/**
 * An effect in TypeScript, exactly once per key: claim, effect and recorded answer are one transaction. A `reject`, and an
 * error by which a rule of the database says no, undoes everything and is recorded for the key; `refuse` and every other
 * error leave no trace. What is not the database's (a mail, a payment) is not undone: leave it to something that follows
 * the committed row.
 * @throws {TypeError} (of the run) when the effect's transaction is none, or it answered with what is no answer
 */
export function inLedger<Request>(database: Database, effect: Effect<OpenTransaction, Request>): RunEffect<Request>
export function inLedger<Request, Tx>(database: Database, effect: Effect<Tx, Request>, options: InLedgerOptions<Tx>): RunEffect<Request>
export function inLedger<Request, Tx>(database: Database, effect: Effect<Tx, Request>, options?: InLedgerOptions<Tx>): RunEffect<Request> {
  const transaction = options === undefined ? (ownTransaction(database) as unknown as TransactionPort<Tx>) : inTime(options.transaction)
  const prove = options === undefined ? null : onceItWorked(() => proveTransaction(transaction))
  return async (call, { inTurn = atOnce, refusal = null } = {}) => {
    refuseInsideTransaction()
    const attempt = new EffectAttempt(effect, call)
    try {
      const attributes = { 'app.action': call.actionName }
      const carryOut = () => inSpan('ledger', { kind: 'client', attributes }, () => transaction((opened) => attempt.run(opened, refusal)))
      await inTurn(prove === null ? carryOut : () => prove().then(carryOut))
      return attempt.answered()
    } catch (error) {
      return attempt.no === null ? afterError(database, call, { error, phase: attempt.phase }) : undoneAnswer(database, call, attempt.no)
    } finally {
      attempt.end()
    }
  }
}

function inTime<Tx>(transaction: TransactionPort<Tx>): TransactionPort<Tx> {
  return (work) => withTimeout(transaction(work), LONGEST_MS, 'transaction')
}

const atOnce: InTurn = (work) => work()

/** Asks again only as long as it fails. */
function onceItWorked(work: () => Promise<void>): () => Promise<void> {
  let working: Promise<void> | undefined
  return () => {
    working ??= work().catch((error: unknown) => {
      working = undefined
      throw error
    })
    return working
  }
}
