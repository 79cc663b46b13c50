import type { Config } from '../../config.js'
import type { Database, SqlRow } from '../../engine/database/Database.js'
import { DatabaseError } from '../../engine/database/DatabaseError.js'
import { missingTimeouts } from '../../engine/migrations/missingTimeouts.js'
import { bringUpToDate, requireReadCommitted } from '../../engine/migrations/prepareDatabase.js'
import { requireTables } from '../../engine/rows/requireTables.js'
import { leftOutOf, tablesOf } from '../../modules/moduleNames.js'
import { openConfigured } from '../../openConfigured.js'
import { type Finding, good, reasonOf, wrong } from './Finding.js'

const OLDEST_POSTGRES = 14
const READ_ONLY_TODO =
  'It may be a standby: let DATABASE_URL name the primary. Or it was made read-only, as some hosts do when its disk is full: make room there.'

/** Whether the database can be reached, and whether schema, role and its limits are as the API needs them. Changes nothing. */
export async function checkDatabase(config: Config): Promise<Finding[]> {
  let database: Database
  try {
    database = await openConfigured(config)
  } catch (error) {
    return [wrong('database', wordsOf(error), 'Correct what it names, then check again.')]
  }
  try {
    const reached = await checkServer(database)
    if (reached.is !== 'good') return [reached]
    return [reached, await checkSchema(database, config), await checkTimeouts(database, config)]
  } finally {
    await database.close()
  }
}

async function checkServer(database: Database): Promise<Finding> {
  try {
    const [row] = await database.query<{ version: number; writes: boolean } & SqlRow>(
      `select current_setting('server_version_num')::int / 10000 as version, current_setting('transaction_read_only') = 'off' as writes`,
    )
    const version = row?.version ?? 0
    if (row?.writes === false) return wrong('database', `Postgres ${version} answers, and takes no writes.`, READ_ONLY_TODO)
    if (version >= OLDEST_POSTGRES) return good('database', `Postgres ${version} answers.`)
    return wrong(
      'database',
      `Postgres ${version} answers, and ${OLDEST_POSTGRES} is the oldest that is known to work.`,
      'Upgrade the server.',
    )
  } catch (error) {
    return wrong(
      'database',
      `It does not answer: ${wordsOf(error)}`,
      'Check host, port, name and password of DATABASE_URL from this machine, and whether the server takes its connections (pg_hba.conf, firewall, TLS: DATABASE_CA_FILE).',
    )
  }
}

async function checkSchema(database: Database, { modules, migrationsDirs }: Config): Promise<Finding> {
  try {
    await requireReadCommitted(database)
    await bringUpToDate(database, { modules, leftOut: leftOutOf(modules), directories: migrationsDirs, migrateOnStart: false })
    await requireTables(database, tablesOf(modules))
    return good('schema', `It is what this version needs for ${modules.join(', ') || 'no module'}, and the role may use it.`)
  } catch (error) {
    return wrong('schema', wordsOf(error), 'Do what it says; `org-api migrate` brings the schema up to date.')
  }
}

async function checkTimeouts(database: Database, { databaseUrl }: Config): Promise<Finding> {
  const statements = databaseUrl === null ? [] : await missingTimeouts(database)
  if (statements.length === 0) return good('role', 'It ends by itself what a dead client left behind.')
  return wrong(
    'role',
    'It has no time limits, so a client that dies can leave locks behind.',
    `As its owner run: ${statements.join('; ')};`,
  )
}

// Their messages are one line of ours; another error's may quote what it was sent.
function wordsOf(error: unknown): string {
  return error instanceof DatabaseError ? error.message : reasonOf(error)
}
