import type { Database } from './Database.js'
import { PGliteDatabase } from './PGliteDatabase.js'
import { PgDatabase, type PgOptions } from './PgDatabase.js'

export interface DatabaseOptions extends Partial<Omit<PgOptions, 'connectionString'>> {
  /** Postgres; when absent, the embedded PGlite is used. */
  databaseUrl?: string | undefined
  /** PGlite's directory, or ":memory:". */
  dataDirectory: string
}

/**
 * Opens the database the settings ask for. Call `prepareDatabase` next.
 * @throws {DatabaseError} DATA_DIRECTORY_IN_USE
 */
export async function openDatabase({ databaseUrl, dataDirectory, ...options }: DatabaseOptions): Promise<Database> {
  return databaseUrl === undefined
    ? PGliteDatabase.open({ dataDirectory, ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }) })
    : new PgDatabase({ connectionString: databaseUrl, ...options })
}
