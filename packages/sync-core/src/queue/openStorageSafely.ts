import { MemoryStorage } from '../adapters/memoryStorage.js'
import type { Clock } from '../ports/Clock.js'
import type { MutationStorage, OpenStorage } from '../ports/MutationStorage.js'
import { inTime } from '../retry/inTime.js'
import { describeError, type Report } from '../telemetry/report.js'

/** Longer than a person would wait for a click to be stored. */
const PATIENCE_MS = 2_000

/** Opens the store called `name`; when the browser refuses or does not answer, one in memory, and says so. */
export async function openStorageSafely(
  name: string,
  { openStorage, clock, report }: { openStorage: OpenStorage; clock: Clock; report: Report },
): Promise<MutationStorage> {
  // One that throws is one that rejects.
  const opening = (async () => openStorage(name))()
  try {
    return await inTime(opening, clock, PATIENCE_MS)
  } catch (error) {
    // It may still open later; nobody would use it then.
    opening.then((storage) => storage.close()).catch(() => undefined)
    report('STORAGE_REFUSED', `The browser gave no storage, so clicks are kept in this tab's memory only. ${describeError(error)}`)
    return new MemoryStorage()
  }
}
