import type { Statement } from './Statement.js'

/** A value bound to `$n`. Objects and arrays travel as JSON text with a cast (`$1::jsonb`), so that both adapters bind them alike. */
export type SqlParameter = string | number | boolean | null

export type SqlRow = Record<string, unknown>

export interface WriteOptions {
  /**
   * Whether it runs on each click, with a text that never changes: then the database may keep its plan on the connection.
   * Its columns must keep their types over migrations. @default false
   */
  isFrequent?: boolean
}

/** A transaction that is open. Refuses everything once it has ended. */
export interface OpenTransaction {
  /** Runs one statement in it. */
  query<Row extends SqlRow = SqlRow>(text: string, params?: readonly SqlParameter[]): Promise<Row[]>
}

/** The same with its two ends, whose statements need no round trip of their own where the connection can save it. */
export interface LedgerTransaction extends OpenTransaction {
  /** Runs the first statement of all, which travels with the beginning. Resolves to the one value it gives, as text. */
  first(statement: Statement): Promise<string | null>
  /** Runs the last one, which travels with the commit: once it resolves everything is committed. Resolves as `first` does. */
  last(statement: Statement): Promise<string | null>
}

/**
 * Postgres as the services see it. Two implementations (a server behind `DATABASE_URL`, and the
 * embedded PGlite) pass one contract suite. Every verb but `transaction` is one round trip and one transaction;
 * there is no session state that anything depends on, so that it works behind a transaction pooler and never blocks the
 * single connection of PGlite.
 *
 * Values: `bigint` and `xid8` arrive as text, `timestamptz` as `Date`, `jsonb` parsed.
 *
 * @throws {DatabaseUnavailableError} from every verb when the database cannot be reached or does not answer in time
 * @throws {TypeError} from every verb inside an open transaction
 */
export interface Database {
  /** Runs one statement that changes nothing. */
  query<Row extends SqlRow = SqlRow>(text: string, params?: readonly SqlParameter[]): Promise<Row[]>
  /** Runs one statement that may change rows; `onCommit` listeners hear of it after it committed. */
  write<Row extends SqlRow = SqlRow>(text: string, params?: readonly SqlParameter[], options?: WriteOptions): Promise<Row[]>
  /** Runs several statements without parameters as one transaction. For migrations and seeds only. */
  script(text: string): Promise<void>
  /**
   * Does `work` in one READ COMMITTED transaction on one connection, for effects alone: commits when it resolves, undoes
   * everything and rejects as it does when it rejects, or when it takes longer than a statement may. Every other verb,
   * called inside it, throws.
   */
  transaction<T>(work: (tx: LedgerTransaction) => Promise<T>): Promise<T>
  /** Calls `listener` after each committed `write`, `script` or `transaction` of this process. Returns the unsubscribe. */
  onCommit(listener: () => void): () => void
  /** True when the database answers within `limitMs`: asked over a connection of its own, so that load is no outage. */
  answers(limitMs: number): Promise<boolean>
  /** How busy the connections for requests are. @default absent: there is no pool */
  connections?(): { inUse: number; idle: number; waiting: number }
  /** Waits for what is under way, then lets go of connections, files and locks. Safe to call twice. */
  close(): Promise<void>
}
