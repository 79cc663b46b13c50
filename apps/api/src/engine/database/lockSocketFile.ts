import { randomUUID } from 'node:crypto'
import { rename, unlink } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { DirectoryLock } from './DirectoryLock.js'

// Longer than the gap between another opener's probe and its rename, so that the last of two take-overs wins for both.
const SETTLE_MS = 250

/**
 * The lock where sockets are files (macOS, BSD). A file left behind by a killed process answers no
 * connection; it is taken over by renaming a new socket onto it, and whoever's name still stands
 * after a moment has it. Null when a living process has it.
 */
export async function lockSocketFile(path: string, settleMs: number = SETTLE_MS): Promise<DirectoryLock | null> {
  if ((await tokenAt(path)) !== null) return null
  const token = randomUUID()
  // Short: a socket path has at most about 100 characters.
  const ownPath = `${path}.${token.slice(0, 8)}`
  const server = await listenWithToken(ownPath, token)
  await rename(ownPath, path)
  await wait(settleMs)
  if ((await tokenAt(path)) === token) return { release: () => release(server, path) }
  await close(server)
  return null
}

// An owner that is stopped or overloaded still accepts; it need not answer to be alive.
const ANSWER_MS = 1_000

/** What the living owner of a socket says it is ('' when it says nothing in time); null when there is none. */
function tokenAt(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    let token = ''
    const socket = connect(path)
    socket
      .setEncoding('utf8')
      .setTimeout(ANSWER_MS, () => {
        socket.destroy()
        resolve('')
      })
      .on('data', (chunk) => {
        token += chunk
      })
      .on('end', () => resolve(token))
      .on('error', () => resolve(null))
  })
}

function listenWithToken(path: string, token: string): Promise<Server> {
  const server = createServer((socket) => socket.end(token))
  server.unref()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => resolve(server))
  })
}

async function release(server: Server, path: string): Promise<void> {
  // Before closing: afterwards the name could already be another opener's.
  await unlink(path).catch(() => undefined)
  await close(server)
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
