import { DatabaseUnavailableError, sqlStateOf } from './DatabaseError.js'

// Classes of SQLSTATE that say the server or the connection is in trouble, not the statement: connection
// lost, resources used up, an operator or a timeout of the role stepped in.
const UNAVAILABLE_CLASSES = ['08', '53', '57', '25P03', '25P04']
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
  if (typeof error !== 'object' || error === null) return false
  // pg reports a lost connection, a closed pool and its own timeouts as plain errors without a code.
  if (!('code' in error) || error.code === undefined) return 'name' in error && error.name === 'Error'
  return SOCKET_CODES.has(String(error.code))
}
