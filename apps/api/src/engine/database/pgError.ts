import { DatabaseUnavailableError, sqlStateOf } from './DatabaseError.js'

// Classes of SQLSTATE that say the server or the connection is in trouble, not the statement: connection
// lost, resources used up, an operator or a timeout of the role stepped in, or it takes no writes.
const READ_ONLY = '25006'
const UNAVAILABLE_CLASSES = ['08', '53', '57', READ_ONLY, '25P03', '25P04']
const SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH'])

/** Trouble with a sentence of its own, by code: connections that can never be made with this DATABASE_URL, mostly. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  '28P01': 'The database refused the name or the password in DATABASE_URL. Correct them there, or at the server.',
  '28000': 'The database refused the name or the password in DATABASE_URL, or where it is used from. Correct them there, or at the server.',
  '3D000': 'There is no such database as DATABASE_URL names. Create it (create database …), or correct the name.',
  [READ_ONLY]:
    'The database takes no writes. It may be a standby, or was made read-only, as some hosts do when its disk is full: make room, or let DATABASE_URL name the primary.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'The certificate of the database is for another name than DATABASE_URL says. Correct the name there, or say sslmode=verify-ca with DATABASE_CA_FILE.',
  CERT_HAS_EXPIRED: 'The certificate of the database that DATABASE_URL names has expired. Renew it at the server.',
  ...Object.fromEntries(
    [
      'SELF_SIGNED_CERT_IN_CHAIN',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_GET_ISSUER_CERT',
      'CERT_SIGNATURE_FAILURE',
    ].map((code) => [
      code,
      'The certificate of the database that DATABASE_URL names is not trusted. Put the certificate of whoever vouches for it into a file and name that in DATABASE_CA_FILE, or in NODE_EXTRA_CA_CERTS for all connections.',
    ]),
  ),
}

/** A sentence of pg's, which has no code. */
const NO_TLS = 'The server does not support SSL connections'
const WITHOUT_TLS =
  'The database speaks no TLS, and DATABASE_URL asks for it (sslmode). Switch it on at the server, or take sslmode away where the network is yours.'

/** Turns trouble with the connection into `DatabaseUnavailableError`; every other error is returned as it is. */
export function asDatabaseError(error: unknown): unknown {
  const unreachable = UNREACHABLE[codeOf(error)]
  if (unreachable !== undefined) return new DatabaseUnavailableError(unreachable, { cause: error })
  if (!isUnavailable(error)) return error
  if (error instanceof Error && error.message === NO_TLS) return new DatabaseUnavailableError(WITHOUT_TLS, { cause: error })
  const why = SOCKET_CODES.has(codeOf(error)) || sqlStateOf(error) !== null ? ` (${codeOf(error)})` : ''
  return new DatabaseUnavailableError(
    `The database cannot be reached or did not answer in time${why}. Check DATABASE_URL and the server.`,
    {
      cause: error,
    },
  )
}

/** Whether the server says that it is in trouble, not the statement. */
export function isUnavailableState(state: string): boolean {
  return UNAVAILABLE_CLASSES.some((prefix) => state.startsWith(prefix))
}

function isUnavailable(error: unknown): boolean {
  const state = sqlStateOf(error)
  if (state !== null) return isUnavailableState(state)
  if (typeof error !== 'object' || error === null) return false
  // pg reports a lost connection, a closed pool and its own timeouts as plain errors without a code.
  if (!('code' in error) || error.code === undefined) return 'name' in error && error.name === 'Error'
  return SOCKET_CODES.has(String(error.code))
}

const codeOf = (error: unknown) => String((error as { code?: unknown } | null)?.code)
