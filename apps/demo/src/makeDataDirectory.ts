import { access, constants, mkdir } from 'node:fs/promises'
import { DemoError } from './DemoError.js'

/**
 * Makes the folder the demo keeps its data in, if it is not there yet.
 * @throws {DemoError} when it cannot be one, or not be written
 */
export async function makeDataDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
    await access(path, constants.W_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new DemoError(`The data directory ${path} cannot be used (${code}). Choose a folder you may write: DEMO_DATA_DIR=/path npm start`)
  }
}
