import type { Database, SqlRow } from '../database/Database.js'
import { fileNameOf, type Migration } from './Migration.js'
import { standingVersions } from './standingVersions.js'

/**
 * Which of these migrations a database has: those that a runner of ours recorded, those that the Supabase
 * CLI recorded, and those of ours that another tool applied.
 */
export async function missingMigrations(database: Database, known: readonly Migration[]): Promise<Migration[]> {
  const recorded = await recordedNames(database)
  const versions = await supabaseVersions(database)
  const standing = await standingVersions(database)
  return known.filter((migration) => {
    if (recorded.has(fileNameOf(migration)) || versions.has(migration.version)) return false
    const stands = migration.owner === null ? undefined : standing.get(migration.owner)
    return stands === undefined || stands.version < migration.version
  })
}

/** Whether a runner recorded it. */
export async function isRecorded(database: Database, migration: Migration): Promise<boolean> {
  return (await recordedNames(database)).has(fileNameOf(migration))
}

async function recordedNames(database: Database): Promise<Set<string>> {
  if (!(await exists(database, 'sync.migrations'))) return new Set()
  const rows = await database.query<{ version: string; name: string } & SqlRow>('select version, name from sync.migrations')
  return new Set(rows.map(fileNameOf))
}

async function supabaseVersions(database: Database): Promise<Set<string>> {
  if (!(await exists(database, 'supabase_migrations.schema_migrations'))) return new Set()
  const rows = await database.query<{ version: string } & SqlRow>('select version from supabase_migrations.schema_migrations')
  return new Set(rows.map(({ version }) => version))
}

async function exists(database: Database, table: string): Promise<boolean> {
  const [found] = await database.query<{ present: boolean } & SqlRow>(
    `select case when to_regclass($1) is null then false else has_table_privilege(to_regclass($1), 'select') end as present`,
    [table],
  )
  return found?.present ?? false
}
