import { hostname, userInfo } from 'node:os'
import type { Config } from '../config.js'
import type { Database } from '../engine/database/Database.js'
import { DatabaseError } from '../engine/database/DatabaseError.js'
import { requireRights } from '../engine/migrations/requireRights.js'
import { standingVersions } from '../engine/migrations/standingVersions.js'
import { openConfigured } from '../openConfigured.js'

/** Who works at this machine. It proves nothing, so the audit keeps the database's own word beside it. */
export function operatorName(readUser: () => { username: string } = userInfo): string {
  return `${userName(readUser)}@${hostname()}`.slice(0, 128)
}

// In a container that runs as a number nobody has a name.
function userName(readUser: () => { username: string }): string {
  try {
    return readUser().username
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}

/** The database as it stands: nothing of it is brought up to date. Close it afterwards. */
export interface OperatorsDatabase {
  database: Database
  /** Whether there are SMS to tell of. */
  hasSms: boolean
}

/**
 * Opens the database for a look.
 * @throws {DatabaseError} where the role may not see it, or it holds no schema of ours
 */
export async function openForOperator(config: Config): Promise<OperatorsDatabase> {
  const database = await openConfigured(config)
  try {
    await requireRights(database)
    const standing = await standingVersions(database)
    if (standing.size === 0)
      throw new DatabaseError(
        'SCHEMA_TOO_OLD',
        'The database of DATABASE_URL holds no schema of this API, so there is nothing to look at. Is it the right one?',
      )
    return { database, hasSms: standing.has('sms') }
  } catch (error) {
    await database.close()
    throw error
  }
}
