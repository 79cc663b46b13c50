import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseError } from './DatabaseError.js'
import type { DirectoryLock } from './DirectoryLock.js'
import { listenOn } from './listenOn.js'
import { lockSocketFile } from './lockSocketFile.js'

/**
 * Locks a directory for this process. The lock is a listening socket named after the directory's real
 * path, because the kernel frees it at the moment the process ends; a lock file would outlive a `kill -9`.
 * A process in another container (network namespace) is not seen: give each its own directory.
 * @throws {DatabaseError} DATA_DIRECTORY_IN_USE when another opener holds it
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const path = await realpath(directory)
  const address = directoryLockAddress(path)
  const lock = await (isSocketFile(address) ? lockSocketFile(address) : listenOn(address))
  if (lock !== null) return lock
  throw new DatabaseError(
    'DATA_DIRECTORY_IN_USE',
    `The data directory ${path} is open in another process, and two writers would destroy it. Stop that process, or choose another directory.`,
  )
}

/** Where the owner of `path` listens: an abstract socket, a named pipe, or a socket file where there is neither. */
export function directoryLockAddress(path: string, platform: NodeJS.Platform = process.platform): string {
  const name = `org-api-data-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`
  // Neither an abstract socket nor a named pipe leaves a file behind.
  if (platform === 'linux') return `\0${name}`
  if (platform === 'win32') return `\\\\.\\pipe\\${name}`
  return join(tmpdir(), `${name}.sock`)
}

function isSocketFile(address: string): boolean {
  return address.endsWith('.sock')
}
