import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'

/** A real Postgres of a test file's own, and every database opened on it, which are closed with it. */
export class TestDatabases {
  readonly #opened: Database[] = []

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
    const database = await openDatabase({ databaseUrl, dataDirectory: ':memory:', poolSize: 2 })
    this.#opened.push(database)
    return database
  }

  async stop(): Promise<void> {
    await Promise.all(this.#opened.map((database) => database.close()))
    await this.#server.stop()
  }
}
