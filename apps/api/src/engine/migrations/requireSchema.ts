import type { Database } from '../database/Database.js'
import { DatabaseError } from '../database/DatabaseError.js'
import type { Migration } from './Migration.js'
import { standingVersions } from './standingVersions.js'

/**
 * Refuses a schema that this code does not know, or that does not hold what this code needs.
 * @throws {DatabaseError} SCHEMA_TOO_NEW, SCHEMA_TOO_OLD
 */
export async function requireSchema(database: Database, known: readonly Migration[], owners: readonly string[]): Promise<void> {
  const standing = await standingVersions(database)
  for (const owner of owners) {
    const newest = known.findLast((migration) => migration.owner === owner && statesVersion(migration))?.version ?? ''
    const stands = standing.get(owner)
    if (stands === undefined || stands.version < newest) throw tooOld(owner, { newest, stands: stands?.version })
    if (stands.oldestCode > newest) throw tooNew(owner, { newest, stands: stands.version })
  }
}

// A file that a team put beside ours builds on a schema, and is none of its versions.
const statesVersion = ({ sql }: Migration) => sql.includes('schema_version()')

function tooOld(owner: string, { newest, stands }: { newest: string; stands: string | undefined }): DatabaseError {
  return new DatabaseError(
    'SCHEMA_TOO_OLD',
    `The database ${stands === undefined ? 'lacks the schema' : `has version ${stands}`} of ${owner}, and this API needs version ${newest}. Run "org-api migrate" as the database's owner, then start again.`,
  )
}

function tooNew(owner: string, { newest, stands }: { newest: string; stands: string }): DatabaseError {
  return new DatabaseError(
    'SCHEMA_TOO_NEW',
    `The database has version ${stands} of ${owner}, and this API knows ${newest || 'none'}: it could damage what it does not know. Deploy a later version of the API.`,
  )
}
