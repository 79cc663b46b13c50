import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type pg from 'pg'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { openSession } from './openSession.js'

/** A real Postgres of a test file's own, and all that was opened on it, which is closed with it: also where a start failed half-way. */
export class TestDatabases {
  readonly #opened: Pick<Database, 'close'>[] = []
  readonly #server: PostgresServer

  private constructor(server: PostgresServer) {
    this.#server = server
  }

  static async start(): Promise<TestDatabases> {
    return new TestDatabases(await startPostgres())
  }

  /** Makes an empty one and returns its URL. */
  createDatabase(): Promise<string> {
    return this.#server.createDatabase()
  }

  async open(databaseUrl: string): Promise<Database> {
    return this.keep(await openDatabase({ databaseUrl, dataDirectory: ':memory:', poolSize: 2 }))
  }

  /** An empty one, opened. */
  async openNew(): Promise<Database> {
    return this.open(await this.createDatabase())
  }

  /** A connection of its own, for transactions that a test opens and ends by hand. */
  async openSession(databaseUrl: string): Promise<pg.Client> {
    const session = await openSession(databaseUrl)
    this.keep({ close: () => session.end() })
    return session
  }

  /** Closes it with the rest. */
  keep<Closed extends Pick<Database, 'close'>>(opened: Closed): Closed {
    this.#opened.push(opened)
    return opened
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.#opened.map((opened) => opened.close()))
    await this.#server.stop()
  }
}
