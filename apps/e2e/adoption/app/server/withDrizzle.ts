import type { TransactionPort } from '@org/api'
import { sql } from 'drizzle-orm'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'

export type Transaction = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0]

/** How this app opens a transaction, for `inLedger`. */
export function withDrizzle(db: NodePgDatabase): TransactionPort<Transaction> {
  return (work) =>
    db.transaction((tx) => work({ tx, query: ({ strings, values }) => tx.execute(sql(strings, ...values)).then(({ rows }) => rows) }), {
      isolationLevel: 'read committed',
    })
}
