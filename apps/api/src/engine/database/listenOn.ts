import { createServer } from 'node:net'
import type { DirectoryLock } from './DirectoryLock.js'

/** Listens on a local socket as a sign of life; null when someone else does. */
export function listenOn(address: string): Promise<DirectoryLock | null> {
  // Whoever connects only wants to know that this process lives.
  const server = createServer((socket) => socket.destroy())
  // The lock alone must not keep a finished process alive.
  server.unref()
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)))
    server.listen(address, () => resolve({ release: () => new Promise((released) => server.close(() => released())) }))
  })
}
