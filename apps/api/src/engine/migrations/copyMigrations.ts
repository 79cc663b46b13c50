import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseError } from '../database/DatabaseError.js'
import { fileNameOf } from './Migration.js'
import { type CopyPlan, planCopies, type SqlFile } from './planCopies.js'
import { readMigrations, SUPABASE_DIRECTORY } from './readMigrations.js'

export interface CopyOptions {
  /** Where they shall lie; made when it is not there. */
  to: string
  /** Modules whose migrations are left out. @default none */
  leftOut?: readonly string[]
  /** Also the roles and helpers that Supabase has and plain Postgres lacks, before all others. @default false */
  plainPostgres?: boolean
  /** The current time, in milliseconds. @default Date.now() */
  now?: number
}

/** Before our first. */
const PLAIN_POSTGRES = '20261129080000_plain_postgres.sql'

/**
 * Copies our migrations to where another tool (the Supabase CLI, say) finds them; what `org-api migrations copy` does.
 * Again it brings what is new since, and nothing else.
 * @returns what it wrote, and what was there already
 * @throws {DatabaseError} MIGRATION_FAILED when a copy was changed by hand, in which case nothing is written, or the directory cannot be used
 */
export async function copyMigrations({ to, leftOut = [], plainPostgres = false, now = Date.now() }: CopyOptions): Promise<CopyPlan> {
  const ours = await ourFiles(leftOut, plainPostgres)
  try {
    await mkdir(to, { recursive: true })
    const plan = planCopies(ours, await filesIn(to), now)
    if (plan.changed.length > 0) throw changedByHand(to, plan.changed)
    for (const { file, text } of plan.write) await writeFile(join(to, file), text)
    return plan
  } catch (cause) {
    if (cause instanceof DatabaseError) throw cause
    throw new DatabaseError('MIGRATION_FAILED', `The migrations cannot be copied to ${to}: ${(cause as Error).message}.`, { cause })
  }
}

async function ourFiles(leftOut: readonly string[], plainPostgres: boolean): Promise<SqlFile[]> {
  const ours = (await readMigrations({ leftOut })).map((migration) => ({ file: `${fileNameOf(migration)}.sql`, text: migration.sql }))
  if (!plainPostgres) return ours
  return [{ file: PLAIN_POSTGRES, text: await readFile(new URL('plain-postgres.sql', SUPABASE_DIRECTORY), 'utf8') }, ...ours]
}

async function filesIn(directory: string): Promise<SqlFile[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql'))
  return Promise.all(names.map(async (file) => ({ file, text: await readFile(join(directory, file), 'utf8') })))
}

function changedByHand(to: string, files: readonly string[]): DatabaseError {
  const list = files.map((file) => join(to, file)).join(', ')
  const are = files.length === 1 ? 'is not the file that was copied' : 'are not the files that were copied'
  return new DatabaseError(
    'MIGRATION_FAILED',
    `${list} ${are}: somebody changed it, so nothing was copied. Put your changes into a migration of your own; then delete it, or bring the copy back, and copy again.`,
  )
}
