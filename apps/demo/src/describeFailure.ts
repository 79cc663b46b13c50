import { ConfigError, DatabaseError } from '@org/api'
import { DemoError } from './DemoError.js'

/** Troubles a person can mend get their one line; anything else is our bug and shows where. */
export function describeFailure(error: unknown): string {
  if (error instanceof DatabaseError && error.code === 'DATA_DIRECTORY_IN_USE')
    return `${error.message} For example: DEMO_DATA_DIR=.data-2 npm start`
  if (error instanceof DemoError || error instanceof ConfigError || error instanceof DatabaseError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
