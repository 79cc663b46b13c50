import { ConfigError } from '../engine/config/ConfigError.js'
import { DatabaseError, DatabaseUnavailableError } from '../engine/database/DatabaseError.js'
import { UnknownWordError } from '../engine/timeline/UnknownWordError.js'

/** Troubles a person can mend get their one line; anything else is our bug and shows where. */
export function describeFailure(error: unknown): string {
  if (
    error instanceof UnknownWordError ||
    error instanceof ConfigError ||
    error instanceof DatabaseError ||
    error instanceof DatabaseUnavailableError
  )
    return error.message
  const { code, port } = error as { code?: string; port?: number }
  if (code === 'EADDRINUSE') return `Port ${port} is in use. Stop what listens there, or set PORT to another one.`
  if (code === 'EACCES') return `Port ${port} may not be opened by this user. Set PORT to one above 1023.`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
