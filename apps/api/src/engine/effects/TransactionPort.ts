import type { Database, LedgerTransaction, OpenTransaction } from '../database/Database.js'
import type { Statement } from '../database/Statement.js'

/** A transaction that is open: the team's own handle of it, and how the ledger runs a statement in it. */
export interface Opened<Tx> {
  tx: Tx
  /** `place`: whether it is the first or the last of all, which only saves round trips. */
  query: (statement: Statement, place?: 'first' | 'last') => PromiseLike<readonly object[]>
}

/**
 * How a team's library opens a transaction: a new one at top level, READ COMMITTED, on one connection. It commits when
 * `work` resolves; when it rejects, it rolls back and rejects with the same error.
 */
export type TransactionPort<Tx> = <T>(work: (opened: Opened<Tx>) => Promise<T>) => Promise<T>

/** The database's own, for effects that write SQL by hand. */
export function ownTransaction(database: Database): TransactionPort<OpenTransaction> {
  return (work) =>
    database.transaction((tx) =>
      work({
        tx: withoutEnds(tx),
        query: (statement, place) =>
          place === undefined ? tx.query(statement.text, statement.values) : tx[place](statement).then((answer) => [{ answer }]),
      }),
    )
}

/** What an effect may use of it: the ends are the ledger's. */
function withoutEnds(tx: LedgerTransaction): OpenTransaction {
  return { query: (text, params) => tx.query(text, params) }
}
