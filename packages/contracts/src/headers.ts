/** Header names on the wire. HTTP compares them without case; this spelling is the documented one. */
export * as HEADERS from './headerNames.js'

/** Grows by one whenever a request schema grows; the server answers with its own. */
export const CONTRACTS_VERSION = '1'
