import type { MutationRecord } from '../mutation/MutationRecord.js'
import { mergeForks } from '../mutation/mergeForks.js'
import { Draft } from './Draft.js'
import { recordOf } from './entry.js'
import type { Written } from './queueMessages.js'
import type { EntryChange, Records } from './Records.js'

/** Whether a mutation that this tab holds ever came to disk. `maybe`: its transaction hung, and nobody knows how that ended. */
export type Reached = 'disk' | 'maybe' | 'never'

/** What disk may hold of what this tab knows, since it was left. */
export class Away {
  /** Revisions as they were on disk. */
  readonly #stored = new Map<string, number>()
  readonly #doubted = new Set<string>()

  constructor(known: Records) {
    for (const entry of known.stored()) this.#noteStored(recordOf(entry))
  }

  /** A transaction hung that was to write these. */
  doubt(ids: Iterable<string>): void {
    for (const id of ids) this.#doubted.add(id)
  }

  reached(id: string): Reached {
    if (this.#stored.has(id)) return 'disk'
    return this.#doubted.has(id) ? 'maybe' : 'never'
  }

  /** It is as it was there when this tab last heard. */
  isUntouched({ id, rev }: MutationRecord): boolean {
    return this.#stored.get(id) === rev
  }

  /** A tab that still has storage told what it wrote: brings it together with what this tab holds in memory. */
  hear(known: Records, written: Written, options: { tabId: string }): EntryChange[] {
    const draft = new Draft(known)
    for (const [id, entry] of written) {
      const own = draft.get(id)
      const record = recordOf(entry)
      if (entry === undefined && this.reached(id) === 'disk') draft.remove(id)
      if (record === undefined) continue
      draft.write(own === undefined || this.isUntouched(own) ? record : mergeForks(own, record, options))
      this.#noteStored(record)
    }
    return known.absorb(draft)
  }

  #noteStored(record: MutationRecord | undefined): void {
    if (record !== undefined) this.#stored.set(record.id, record.rev)
  }
}
