import { readdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DatabaseError } from '../database/DatabaseError.js'
import { ENGINE, type Migration } from './Migration.js'

/** `apps/api/supabase/`, the same from `src` and from `dist`. */
export const SUPABASE_DIRECTORY = new URL('../../../supabase/', import.meta.url)

const FILE = /^(\d{1,20})_([\w-]+)\.sql$/

export interface ReadMigrationsOptions {
  /** Modules whose migrations are left out; every other file of ours is read. @default none */
  leftOut?: readonly string[]
  /** A team's own directories. */
  directories?: readonly string[]
}

/**
 * Reads ours in order of version, then each further directory's, which may build on ours.
 * @throws {DatabaseError} MIGRATION_FAILED when a directory cannot be read, or holds a file that would never be applied
 */
export async function readMigrations({ leftOut = [], directories = [] }: ReadMigrationsOptions = {}): Promise<Migration[]> {
  const ours = await readDirectory(new URL('migrations/', SUPABASE_DIRECTORY))
  const theirs = await Promise.all(directories.map((directory) => readDirectory(pathToFileURL(`${resolve(directory)}/`))))
  return [
    ...ours.map((migration) => ({ ...migration, owner: ownerOf(migration.name) })).filter(({ owner }) => !leftOut.includes(owner)),
    ...theirs.flat(),
  ]
}

async function readDirectory(directory: URL): Promise<Migration[]> {
  const files = await readdir(directory).catch((cause: unknown) => {
    throw new DatabaseError('MIGRATION_FAILED', `The migrations of ${directory.pathname} cannot be read. Check MIGRATIONS_DIRS.`, { cause })
  })
  const misnamed = files.find((file) => file.endsWith('.sql') && !FILE.test(file))
  if (misnamed !== undefined)
    throw new DatabaseError(
      'MIGRATION_FAILED',
      `${directory.pathname}${misnamed} would never be applied: name it by a number and words, for example 20270101000000_map_tables.sql (letters, digits, "_" and "-").`,
    )
  const migrations = files.flatMap((file) => {
    const [, version, name] = FILE.exec(file) ?? []
    return version === undefined || name === undefined ? [] : [{ file, version, name }]
  })
  const read = migrations.map(async ({ file, version, name }) => ({
    version,
    name,
    owner: null,
    sql: await readFile(new URL(file, directory), 'utf8'),
  }))
  return (await Promise.all(read)).sort(byVersion)
}

function byVersion(a: Migration, b: Migration): number {
  const difference = BigInt(a.version) - BigInt(b.version)
  return difference === 0n ? (a.name < b.name ? -1 : 1) : difference < 0n ? -1 : 1
}

/** The first word of a name is whose schema it makes. */
function ownerOf(name: string): string {
  return name.split('_')[0] ?? ENGINE
}
