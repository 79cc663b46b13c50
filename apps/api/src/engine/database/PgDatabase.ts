import pg from 'pg'
import { Listeners } from '../Listeners.js'
import { withTraceComment } from '../telemetry/spans.js'
import { CONNECTION_NAME } from './connectionName.js'
import type { Database, LedgerTransaction, SqlParameter, SqlRow, WriteOptions } from './Database.js'
import { refuseInsideTransaction } from './insideTransaction.js'
import { KeptStatements } from './KeptStatements.js'
import { asDatabaseError } from './pgError.js'
import { transactionOn } from './pgTransaction.js'

export interface PgOptions {
  /** postgres:// URL; a transaction pooler is fine. */
  connectionString: string
  /** Connections at most. Integer ≥ 1. @default 10 */
  poolSize?: number
  /** Longest wait for a free connection, in milliseconds. > 0. @default 2_000 */
  connectTimeoutMs?: number
  /** Longest wait for one statement, in milliseconds; with the wait for a connection clearly below a route's limit. > 0. @default 7_000 */
  timeoutMs?: number
  /** Runs on each new connection before anything else; a connection on which it fails is not used. @default nothing */
  onConnect?: (run: (text: string) => Promise<unknown>) => Promise<void>
  /** Hears of trouble on idle connections; the pool replaces them by itself. */
  onIdleError?: (error: Error) => void
}

/** A hook of pg-pool's that its types leave out: called with each new connection, which is used once it says so. */
type Verify = (client: pg.PoolClient, done: (error?: Error) => void) => void

/** Postgres behind a connection string. No session state; what a pooler forgets of it is sent again. */
export class PgDatabase implements Database {
  readonly #commits = new Listeners()
  readonly #kept = new KeptStatements()
  readonly #pool: pg.Pool
  /** One connection that no request can take. */
  readonly #health: pg.Pool
  readonly #timeoutMs: number
  #closing: Promise<void> | null = null

  constructor({ connectionString, poolSize = 10, connectTimeoutMs = 2_000, timeoutMs = 7_000, onConnect, onIdleError }: PgOptions) {
    const common = { connectionString, connectionTimeoutMillis: connectTimeoutMs, keepAlive: true }
    this.#timeoutMs = timeoutMs
    this.#pool = new pg.Pool({
      ...common,
      max: poolSize,
      application_name: CONNECTION_NAME,
      ...(onConnect && { verify: verifyBy(onConnect) }),
    })
    this.#health = new pg.Pool({ ...common, max: 1, application_name: 'org-api health' })
    for (const pool of [this.#pool, this.#health]) {
      // Without listeners a cut connection would end this process: one of the pool while nobody uses it, one of the
      // connection itself while somebody does, or while `onConnect` looks at it.
      pool.on('error', (error) => onIdleError?.(error))
      pool.on('connect', (connection) => connection.on('error', () => undefined))
    }
  }

  async query<Row extends SqlRow>(text: string, params: readonly SqlParameter[] = []): Promise<Row[]> {
    return this.#run<Row>({ text: withTraceComment(text), values: [...params] })
  }

  async write<Row extends SqlRow>(
    text: string,
    params: readonly SqlParameter[] = [],
    { isFrequent = false }: WriteOptions = {},
  ): Promise<Row[]> {
    const statement = { text: withTraceComment(text), values: [...params] }
    // With the place of a trace in it a text comes once.
    const isKept = isFrequent && statement.text === text
    const rows = isKept ? await this.#kept.run(statement, (kept) => this.#run<Row>(kept)) : await this.#run<Row>(statement)
    this.#commits.notify()
    return rows
  }

  async #run<Row extends SqlRow>(statement: pg.QueryConfig): Promise<Row[]> {
    refuseInsideTransaction()
    try {
      const { rows } = await this.#pool.query<Row>({ ...statement, query_timeout: this.#timeoutMs } as pg.QueryConfig)
      return rows
    } catch (error) {
      throw asDatabaseError(error)
    }
  }

  // Without values pg sends one simple query, which Postgres runs as one transaction.
  async script(text: string): Promise<void> {
    refuseInsideTransaction()
    try {
      // The role's own limit is made for clicks, not for migrations.
      await this.#pool.query({ text: `set local statement_timeout = 0; ${text}`, query_timeout: SCRIPT_TIMEOUT_MS } as pg.QueryConfig)
    } catch (error) {
      throw asDatabaseError(error)
    }
    this.#commits.notify()
  }

  async transaction<T>(work: (tx: LedgerTransaction) => Promise<T>): Promise<T> {
    refuseInsideTransaction()
    const client = await this.#connection()
    const result = await transactionOn({ client, kept: this.#kept, timeoutMs: this.#timeoutMs }, work)
    this.#commits.notify()
    return result
  }

  #connection(): Promise<pg.PoolClient> {
    return this.#pool.connect().catch((error: unknown) => {
      throw asDatabaseError(error)
    })
  }

  onCommit(listener: () => void): () => void {
    return this.#commits.add(listener)
  }

  answers(limitMs: number): Promise<boolean> {
    return this.#health.query({ text: 'select 1', query_timeout: limitMs } as pg.QueryConfig).then(
      () => true,
      () => false,
    )
  }

  connections(): { inUse: number; idle: number; waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.#pool
    return { inUse: totalCount - idleCount, idle: idleCount, waiting: waitingCount }
  }

  close(): Promise<void> {
    this.#closing ??= Promise.all([this.#pool.end(), this.#health.end()]).then(() => undefined)
    return this.#closing
  }
}

function verifyBy(onConnect: NonNullable<PgOptions['onConnect']>): Verify {
  return (client, done) => void onConnect((text) => client.query(text)).then(() => done(), done)
}

// A migration may build an index on a large table.
const SCRIPT_TIMEOUT_MS = 10 * 60_000
