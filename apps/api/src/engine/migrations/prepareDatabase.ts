import type { Database, SqlRow } from '../database/Database.js'
import { DatabaseError } from '../database/DatabaseError.js'
import { requireTables } from '../rows/requireTables.js'
import { missingMigrations } from './appliedMigrations.js'
import { ENGINE, fileNameOf, type Migration } from './Migration.js'
import { type MigrateOptions, migrate } from './migrate.js'
import { readMigrations } from './readMigrations.js'
import { requireRights, type SchemaRights } from './requireRights.js'
import { requireSchema } from './requireSchema.js'

export interface PrepareOptions extends Pick<MigrateOptions, 'onWait'> {
  /** Modules whose schema is needed. @default all there are migrations of */
  modules?: readonly string[]
  /** Modules whose migrations are not applied. @default none */
  leftOut?: readonly string[]
  /** A team's own directories of migrations. @default none */
  directories?: readonly string[]
  /** Tracked tables that must be there. @default none */
  tables?: readonly string[]
  /** @default true */
  migrateOnStart?: boolean
}

/**
 * Brings the schema up to date (or checks that it is) and settles the change log's epoch. Safe when several
 * replicas start at once.
 * @throws {DatabaseError} ROLE_LACKS_RIGHTS, SCHEMA_TOO_NEW, SCHEMA_TOO_OLD, MIGRATION_FAILED, TABLE_NOT_MAPPED, UNSUITABLE_SETTING or STORE_UNAVAILABLE
 */
export async function prepareDatabase(database: Database, options: PrepareOptions = {}): Promise<void> {
  await requireReadCommitted(database)
  await bringUpToDate(database, options)
  await requireTables(database, options.tables ?? [])
  await database.write('select sync.open_epoch()')
}

/**
 * Applies what is missing; what `org-api migrate` does.
 * @returns the names of the migrations it applied
 * @throws {DatabaseError} as `prepareDatabase`
 */
export async function bringUpToDate(database: Database, options: PrepareOptions = {}): Promise<string[]> {
  const { modules, leftOut, directories, migrateOnStart = true, onWait } = options
  const rights = await requireRights(database)
  const known = await readMigrations({ ...(leftOut && { leftOut }), ...(directories && { directories }) })
  const applied = migrateOnStart ? await migrateAs(rights, database, { known, ...(onWait && { onWait }) }) : []
  await requireSchema(database, known, [ENGINE, ...(modules ?? ownersIn(known))])
  return applied
}

async function migrateAs(
  { role, owns }: SchemaRights,
  database: Database,
  { known, onWait }: { known: readonly Migration[] } & Pick<MigrateOptions, 'onWait'>,
): Promise<string[]> {
  if (owns) return migrate(database, known, { ...(onWait && { onWait }) })
  const missing = await missingMigrations(database, known)
  if (missing.length === 0) return []
  throw new DatabaseError(
    'SCHEMA_TOO_OLD',
    `The database lacks ${missing.map(fileNameOf).join(', ')}, and the role "${role}" of DATABASE_URL may not change it. Run "org-api migrate" as the schema's owner, then start again.`,
  )
}

function ownersIn(known: readonly Migration[]): string[] {
  return known.flatMap(({ owner, name }) => (owner !== null && owner !== ENGINE && name === `${owner}_create` ? [owner] : []))
}

// Under a stricter level the second of two claims could not see the first one's answer, and would fail instead of replaying it.
export async function requireReadCommitted(database: Database): Promise<void> {
  const [row] = await database.query<{ level: string } & SqlRow>(`select current_setting('default_transaction_isolation') as level`)
  if (row?.level === 'read committed') return
  throw new DatabaseError(
    'UNSUITABLE_SETTING',
    `default_transaction_isolation is "${row?.level}", and duplicates are recognised under "read committed" only. Set it so for the role or the database of DATABASE_URL.`,
  )
}
