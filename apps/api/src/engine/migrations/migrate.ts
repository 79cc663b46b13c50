import { readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '../database/Database.js'
import { DatabaseError, DatabaseUnavailableError, sqlStateOf } from '../database/DatabaseError.js'
import { isRecorded, missingMigrations } from './appliedMigrations.js'
import { fileNameOf, type Migration } from './Migration.js'
import { SUPABASE_DIRECTORY } from './readMigrations.js'
import { transactionCommand } from './transactionCommand.js'

/** Below the 2 s a click waits for a row, so that clicks which queue behind a migration still go through. */
const LOCK_WAIT_MS = 1_500
/** Clicks that queued behind a try go on in this time. */
const PAUSE_MS = 1_000
/** Somebody holds a table for as long as this: a person has to look. */
const GIVE_UP_MS = 10 * 60_000

/** Runners of one database take turns. Any number that nobody else uses. */
const ADVISORY_LOCK = 7_265_413_908
const LOCK_NOT_AVAILABLE = '55P03'
const UNIQUE_VIOLATION = '23505'
const DUPLICATE_TABLE = '42P07'

export interface MigrateOptions {
  /** Hears of each try that found a table held by somebody else. */
  onWait?: (migration: string) => void
  /** How long all tries of one migration may take, in milliseconds. @default 600_000 */
  giveUpMs?: number
}

/**
 * Applies what is missing, each migration in a transaction of its own, together with its row in
 * `sync.migrations`. Safe when several runners start at once. A table that is in use is waited for at most
 * 1.5 s at a time, because every click on it queues behind the migration meanwhile; then it tries again.
 * @returns the names of those it applied
 * @throws {DatabaseError} MIGRATION_FAILED
 */
export async function migrate(database: Database, known: readonly Migration[], options: MigrateOptions = {}): Promise<string[]> {
  const missing = await missingMigrations(database, known)
  if (missing.length === 0) return []
  for (const migration of missing) requireOneTransaction(migration)
  await prepareServer(database)
  const applied: string[] = []
  for (const migration of missing) if (await applyOnce(database, migration, options)) applied.push(fileNameOf(migration))
  return applied
}

// It would commit the note that it was applied, whatever failed after that; or leave the connection in a transaction.
function requireOneTransaction(migration: Migration): void {
  const command = transactionCommand(migration.sql)
  if (command === null) return
  throw new DatabaseError(
    'MIGRATION_FAILED',
    `Migration ${fileNameOf(migration)} says "${command}", and runs in a transaction already, together with the note that it was applied. Take it out; nothing was applied.`,
  )
}

const RECORDS = `
create schema if not exists sync;
create table if not exists sync.migrations (
  version text not null,
  name text not null,
  applied_at timestamptz not null default now(),
  primary key (version, name)
);`

function asRunner(sql: string): string {
  return `select pg_advisory_xact_lock(${ADVISORY_LOCK}); set local lock_timeout = '${LOCK_WAIT_MS}ms'; ${sql}`
}

/** True when this runner applied it, false when another one was faster. */
async function applyOnce(database: Database, migration: Migration, { onWait, giveUpMs = GIVE_UP_MS }: MigrateOptions): Promise<boolean> {
  const record = `insert into sync.migrations (version, name) values ('${migration.version}', '${migration.name}');`
  const giveUpAt = performance.now() + giveUpMs
  for (;;) {
    try {
      await database.script(asRunner(`${record}\n${migration.sql}`))
      return true
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) throw error
      // Its own row made ours fail; a clash inside the migration's SQL leaves no such row.
      if (sqlStateOf(error) === UNIQUE_VIOLATION && (await isRecorded(database, migration))) return false
      if (sqlStateOf(error) !== LOCK_NOT_AVAILABLE || performance.now() > giveUpAt) throw failed(migration, error)
      onWait?.(fileNameOf(migration))
      await wait(PAUSE_MS)
    }
  }
}

function failed(migration: Migration, cause: unknown): DatabaseError {
  return new DatabaseError(
    'MIGRATION_FAILED',
    `Migration ${fileNameOf(migration)} failed and was rolled back: ${String(cause)}.${adviceFor(migration, sqlStateOf(cause))}`,
    { cause },
  )
}

function adviceFor({ owner }: Migration, state: string | null): string {
  if (state === LOCK_NOT_AVAILABLE)
    return ' Somebody holds a table it changes: look for long transactions in pg_stat_activity, and start again.'
  if (state === DUPLICATE_TABLE && owner !== null)
    return ` If that table is yours, leave "${owner}" out of MODULES. If an earlier, unpublished version of this API made it, start with an empty database.`
  return ''
}

const PREPARE_ATTEMPTS = 3

// Roles belong to the whole server, so runners of two databases may clash here, and one that waited for its turn
// may still believe that nothing was made; each statement does nothing when its work is done.
async function prepareServer(database: Database, attempt = 1): Promise<void> {
  const sql = await readFile(new URL('plain-postgres.sql', SUPABASE_DIRECTORY), 'utf8')
  try {
    await database.script(asRunner(`${sql}\n${RECORDS}`))
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) throw error
    if (attempt < PREPARE_ATTEMPTS) return prepareServer(database, attempt + 1)
    throw new DatabaseError(
      'MIGRATION_FAILED',
      `The roles and helpers that Supabase has could not be made: ${String(error)}. Let the database's owner run it, and where this is not Supabase, let it make roles this once: alter role … createrole.`,
      { cause: error },
    )
  }
}
