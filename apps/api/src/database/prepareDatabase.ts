import type { Database } from './Database.js'
import { migrate } from './migrate.js'

/**
 * Brings the schema up to date and settles the change log's epoch. Safe when several replicas start at once.
 * @throws {DatabaseError} SCHEMA_TOO_NEW, MIGRATION_FAILED or STORE_UNAVAILABLE
 */
export async function prepareDatabase(database: Database): Promise<void> {
  await migrate(database)
  await database.write('select sync.open_epoch()')
}
