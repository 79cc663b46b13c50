import { HOST, portTrouble, probePort } from '../scripts/port.mjs'
import { DemoError } from './DemoError.js'

export { HOST }

/**
 * Tries the port before anything slow is opened; 0 becomes a free one, because tokens and callbacks
 * name the address before the server listens on it.
 * @throws {DemoError} when the port is in use or not allowed
 */
export function choosePort(wanted: number): Promise<number> {
  return probePort(wanted).catch((error: NodeJS.ErrnoException) => {
    throw portError(error, wanted)
  })
}

/** What a refusal to listen means for a person; other errors stay as they are. */
export function portError(error: NodeJS.ErrnoException, port: number): Error {
  const trouble = portTrouble(error.code, port)
  return trouble === null ? error : new DemoError(trouble)
}
