import { mkdir, rm } from 'node:fs/promises'
import { lockDirectory } from '@org/api'
import { databaseDirectory, messagesFile } from './dataFiles.js'

/**
 * Throws away the demo's rows and the messages that its Twilio keeps. The signing key stays, so that pages that are
 * open stay signed in.
 * @throws {DatabaseError} DATA_DIRECTORY_IN_USE when a running demo uses them
 */
export async function resetData(dataDirectory: string): Promise<void> {
  const database = databaseDirectory(dataDirectory)
  await mkdir(database, { recursive: true })
  const lock = await lockDirectory(database)
  try {
    await rm(database, { recursive: true, force: true })
    await rm(messagesFile(dataDirectory), { force: true })
  } finally {
    await lock.release()
  }
}
