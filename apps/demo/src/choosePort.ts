import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { DemoError } from './DemoError.js'

/** Loopback only: at the demo anybody may sign in as anybody. */
export const HOST = '127.0.0.1'

/**
 * Tries the port before anything slow is opened; 0 becomes a free one, because tokens and callbacks
 * name the address before the server listens on it.
 * @throws {DemoError} when the port is in use or not allowed
 */
export async function choosePort(wanted: number): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error: NodeJS.ErrnoException) => reject(portError(error, wanted)))
    probe.listen({ port: wanted, host: HOST }, resolve)
  })
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** What a refusal to listen means for a person; other errors stay as they are. */
export function portError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new DemoError(`Port ${port} is in use by another program. Stop it, or choose another port: PORT=${port + 1} npm start`)
  if (error.code === 'EACCES')
    return new DemoError(`Port ${port} may not be opened by this user. Choose one above 1023: PORT=4300 npm start`)
  return error
}
