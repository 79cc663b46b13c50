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
 * @throws {DatabaseError} DATA_DIRECTORY_IN_USE when another opener holds it
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const path = await realpath(directory)
  const name = `org-api-data-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`
  const lock = await lockName(name)
  if (lock !== null) return lock
  throw new DatabaseError(
    'DATA_DIRECTORY_IN_USE',
    `The data directory ${path} is open in another process, and two writers would destroy it. Stop that process, or choose another directory.`,
  )
}

function lockName(name: string, platform: NodeJS.Platform = process.platform): Promise<DirectoryLock | null> {
  // Abstract sockets and named pipes have no file that could be left behind.
  if (platform === 'linux') return listenOn(`\0${name}`)
  if (platform === 'win32') return listenOn(`\\\\.\\pipe\\${name}`)
  return lockSocketFile(join(tmpdir(), `${name}.sock`))
}
