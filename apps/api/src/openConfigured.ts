import type { Config } from './config.js'
import type { Database } from './engine/database/Database.js'
import { type DatabaseOptions, openDatabase } from './engine/database/openDatabase.js'
import { withAuthority } from './engine/database/withAuthority.js'

/** Below where the process was started: an installed package is no place for data. */
const DEFAULT_DATA_DIRECTORY = '.data/postgres'

/**
 * Opens the database that the settings name, as it stands.
 * @throws {DatabaseError} when it cannot be opened
 * @throws {ConfigError} when a file that a setting names is not what it should be
 */
export async function openConfigured(
  { databaseUrl, databaseCaFile, dataDir, database }: Config,
  options: Pick<DatabaseOptions, 'onConnect'> = {},
): Promise<Database> {
  return openDatabase({
    databaseUrl: databaseUrl === null ? undefined : withAuthority(databaseUrl, databaseCaFile),
    dataDirectory: dataDir ?? DEFAULT_DATA_DIRECTORY,
    ...database,
    ...options,
  })
}
