import type { Database, SqlRow } from '../database/Database.js'
import { ENGINE } from './Migration.js'

/** What our migrations say of themselves, whoever applied them. */
export interface StandingVersion {
  /** The newest version that was applied. */
  version: string
  /** The newest version that code must know to run on it. */
  oldestCode: string
}

/** Where the schema of each owner stands; empty on a new database. */
export async function standingVersions(database: Database): Promise<ReadonlyMap<string, StandingVersion>> {
  const functions = await database.query<{ name: string } & SqlRow>(
    `select proname as name from pg_proc
     where pronamespace = to_regnamespace('sync') and pronargs = 0 and proname ~ '^([a-z0-9]+_)?schema_version$'`,
  )
  if (functions.length === 0) return new Map()
  const calls = functions.map(({ name }) => `select '${name}' as name, sync.${name}() as standing`)
  const rows = await database.query<{ name: string; standing: StandingVersion } & SqlRow>(calls.join(' union all '))
  return new Map(
    rows.map(({ name, standing }) => [name === 'schema_version' ? ENGINE : name.slice(0, -'_schema_version'.length), standing]),
  )
}
