import { DatabaseUnavailableError, sqlStateOf } from './DatabaseError.js'

// Classes and codes of SQLSTATE that say the server or the connection is in trouble, not the statement.
const UNAVAILABLE_CLASSES = ['08', '53', '57P']
const SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH'])

/** Turns trouble with the connection into `DatabaseUnavailableError`; every other error is returned as it is. */
export function asDatabaseError(error: unknown): unknown {
  if (!isUnavailable(error)) return error
  return new DatabaseUnavailableError('The database cannot be reached or did not answer in time. Check DATABASE_URL and the server.', {
    cause: error,
  })
}

function isUnavailable(error: unknown): boolean {
  const state = sqlStateOf(error)
  if (state !== null) return UNAVAILABLE_CLASSES.some((prefix) => state.startsWith(prefix))
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? error.code : undefined
  // pg reports a lost connection and its own timeouts as plain errors without a code.
  return code === undefined ? !(error instanceof TypeError || error instanceof RangeError) : SOCKET_CODES.has(String(code))
}
