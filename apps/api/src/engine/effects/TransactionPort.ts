import type { Database, OpenTransaction, SqlRow } from '../database/Database.js'
import type { Statement } from './Statement.js'

/** A transaction that is open: the team's own handle of it, and how the ledger runs a statement in it. */
export interface Opened<Tx> {
  tx: Tx
  query: (statement: Statement) => PromiseLike<readonly object[]>
}

/**
 * How a team's library opens a transaction: a new one at top level, READ COMMITTED, on one connection. It commits when
 * `work` resolves; when it rejects, it rolls back and rejects with the same error.
 */
export type TransactionPort<Tx> = <T>(work: (opened: Opened<Tx>) => Promise<T>) => Promise<T>

/** The database's own, for effects that write SQL by hand. */
export function ownTransaction(database: Database): TransactionPort<OpenTransaction> {
  return (work) => database.transaction((tx) => work({ tx, query: ({ text, values }) => tx.query<SqlRow>(text, values) }))
}
