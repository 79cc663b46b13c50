import { readdir, readFile } from 'node:fs/promises'
import type { Database, SqlRow } from '../database/Database.js'
import { DatabaseError, DatabaseUnavailableError } from '../database/DatabaseError.js'

/** `apps/api/supabase/`, the same from `src` and from `dist`. */
const SUPABASE_DIRECTORY = new URL('../../../supabase/', import.meta.url)

export interface Migration {
  /** `YYYYMMDDHHMMSS`, which orders them. */
  version: string
  name: string
  sql: string
}

/** Reads the migrations of a directory in order. */
export async function readMigrations(directory: URL = new URL('migrations/', SUPABASE_DIRECTORY)): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => /^\d{14}_\w+\.sql$/.test(file)).sort()
  return Promise.all(
    files.map(async (file) => ({
      version: file.slice(0, 14),
      name: file.slice(15, -'.sql'.length),
      sql: await readFile(new URL(file, directory), 'utf8'),
    })),
  )
}

/**
 * Applies what is missing, each migration in a transaction of its own. Every migration registers
 * itself in `sync.migrations` first (so the Supabase CLI leaves the same trace), which makes the second of two
 * runners wait, fail and find the work done.
 * @throws {DatabaseError} SCHEMA_TOO_NEW when a later version of this code was here, MIGRATION_FAILED
 */
export async function migrate(database: Database, migrations?: readonly Migration[]): Promise<void> {
  const known = migrations ?? (await readMigrations())
  const applied = await appliedVersions(database)
  refuseNewerSchema(applied, known)
  const missing = known.filter(({ version }) => !applied.has(version))
  if (missing.length === 0) return
  await preparePlainPostgres(database)
  for (const migration of missing) await applyOnce(database, migration)
}

function refuseNewerSchema(applied: ReadonlySet<string>, known: readonly Migration[]): void {
  const newest = known.at(-1)?.version ?? ''
  const newer = [...applied].filter((version) => version > newest)
  if (newer.length === 0) return
  throw new DatabaseError(
    'SCHEMA_TOO_NEW',
    `The database was migrated by a later version of this API (${newer.join(', ')}), and this one could damage it. Deploy that version or a later one.`,
  )
}

async function applyOnce(database: Database, migration: Migration): Promise<void> {
  try {
    await database.script(migration.sql)
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) throw error
    // Another runner was faster: its row made ours fail.
    if ((await appliedVersions(database)).has(migration.version)) return
    throw new DatabaseError(
      'MIGRATION_FAILED',
      `Migration ${migration.version}_${migration.name} failed and was rolled back: ${String(error)}`,
      {
        cause: error,
      },
    )
  }
}

async function appliedVersions(database: Database): Promise<Set<string>> {
  const [found] = await database.query<{ present: boolean } & SqlRow>(`select to_regclass('sync.migrations') is not null as present`)
  if (!found?.present) return new Set()
  const rows = await database.query<{ version: string } & SqlRow>('select version from sync.migrations')
  return new Set(rows.map(({ version }) => version))
}

const PREPARE_ATTEMPTS = 3

// Roles belong to the whole server, so runners of two databases may clash here; each statement does nothing when its work is done.
async function preparePlainPostgres(database: Database, attempt = 1): Promise<void> {
  const sql = await readFile(new URL('plain-postgres.sql', SUPABASE_DIRECTORY), 'utf8')
  try {
    await database.script(sql)
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) throw error
    if (attempt < PREPARE_ATTEMPTS) return preparePlainPostgres(database, attempt + 1)
    throw new DatabaseError(
      'MIGRATION_FAILED',
      `The roles and helpers that Supabase has could not be made: ${String(error)}. Let the database's owner run the first start.`,
      { cause: error },
    )
  }
}
