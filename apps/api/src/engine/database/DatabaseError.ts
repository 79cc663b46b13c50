/** Why a database could not be opened or reached. */
export type DatabaseErrorCode =
  /** Another process has this data directory open. */
  | 'DATA_DIRECTORY_IN_USE'
  /** This user may not write to the data directory. */
  | 'DATA_DIRECTORY_UNUSABLE'
  /** The schema was made by a later version of this code. */
  | 'SCHEMA_TOO_NEW'
  /** A migration that this code needs was not applied. */
  | 'SCHEMA_TOO_OLD'
  /** The role of the connection may not use the schema. */
  | 'ROLE_LACKS_RIGHTS'
  /** A module works on a table that nobody mapped. */
  | 'TABLE_NOT_MAPPED'
  /** A tracked table was changed (a column renamed, say) and not told anew. */
  | 'TABLE_CHANGED'
  /** A migration failed and was rolled back. */
  | 'MIGRATION_FAILED'
  /** The server is set up in a way that would break a promise of ours. */
  | 'UNSUITABLE_SETTING'
  /** The database cannot be reached or did not answer in time. */
  | 'STORE_UNAVAILABLE'

/** Trouble with the database as a whole; `message` is one line that says what to do. */
export class DatabaseError extends Error {
  override readonly name: string = 'DatabaseError'

  constructor(
    readonly code: DatabaseErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/**
 * The database cannot be reached, was restarted, or did not answer in time. The statement may have
 * taken effect all the same: ask the ledger before telling anyone that it did not.
 */
export class DatabaseUnavailableError extends DatabaseError {
  override readonly name = 'DatabaseUnavailableError'

  constructor(message: string, options?: ErrorOptions) {
    super('STORE_UNAVAILABLE', message, options)
  }
}

// With a digit, as every one of them has: EPIPE is none.
const SQL_STATE = /^(?=.*\d)[0-9A-Z]{5}$/

/** The SQLSTATE of an error that Postgres raised, which Prisma's adapters call `originalCode`; null for every other error. */
export function sqlStateOf(error: unknown): string | null {
  const { code, originalCode = code } = (error ?? {}) as { code?: unknown; originalCode?: unknown }
  return typeof originalCode === 'string' && SQL_STATE.test(originalCode) ? originalCode : null
}
