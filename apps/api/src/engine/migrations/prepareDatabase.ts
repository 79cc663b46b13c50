import type { Database, SqlRow } from '../database/Database.js'
import { DatabaseError } from '../database/DatabaseError.js'
import { migrate } from './migrate.js'

/**
 * Brings the schema up to date and settles the change log's epoch. Safe when several replicas start at once.
 * @throws {DatabaseError} SCHEMA_TOO_NEW, MIGRATION_FAILED, UNSUITABLE_SETTING or STORE_UNAVAILABLE
 */
export async function prepareDatabase(database: Database): Promise<void> {
  await requireReadCommitted(database)
  await migrate(database)
  await database.write('select sync.open_epoch()')
}

// Under a stricter level the second of two claims could not see the first one's answer, and would fail instead of replaying it.
async function requireReadCommitted(database: Database): Promise<void> {
  const [row] = await database.query<{ level: string } & SqlRow>(`select current_setting('default_transaction_isolation') as level`)
  if (row?.level === 'read committed') return
  throw new DatabaseError(
    'UNSUITABLE_SETTING',
    `default_transaction_isolation is "${row?.level}", and duplicates are recognised under "read committed" only. Set it so for the role or the database of DATABASE_URL.`,
  )
}
