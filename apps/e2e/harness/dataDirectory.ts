import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The seeded data directory that `prepareData` makes. */
export const PREPARED_DATA = fileURLToPath(new URL('../.results/prepared-data', import.meta.url))

/** A seeded data directory of one's own. The caller removes it. */
export async function newDataDirectory(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'journey-'))
  await cp(PREPARED_DATA, folder, { recursive: true })
  return folder
}
