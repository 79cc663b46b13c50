import type { Clock } from '../ports/Clock.js'
import type { Entry, MutationStorage, StorageReader, StorageWrite } from '../ports/MutationStorage.js'
import { Draft } from './Draft.js'
import { META_KEY, nextRevision, toMeta, writtenSince } from './meta.js'

export interface Committed {
  writes: readonly StorageWrite[]
  /** Counts the transactions of all tabs that wrote; this was the last one. */
  revision: number
}

/**
 * What is stored, as this tab knows it. Each transaction that writes counts up a revision, so reading that one
 * entry tells whether anybody else wrote since: if not, nothing has to be read again.
 */
export class StoredQueue {
  readonly #clock: Clock
  #known = new Draft()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Takes over all entries as they were just read; returns their revision. */
  fill(entries: readonly Entry[]): number {
    this.#known = Draft.of(entries, this.#clock.now())
    return this.#known.meta.revision
  }

  /** The next transaction reads everything. */
  forget(): void {
    this.#known = new Draft()
  }

  /** Another tab told what it wrote. Of use only when nothing was missed in between. */
  follow({ writes, revision }: Committed): void {
    const known = this.#known
    if (known.meta.revision !== revision - 1) return
    for (const { key, value } of writes) known.write(key, value)
    known.meta = { ...known.meta, revision }
  }

  /** Runs `decide` in one transaction on what is stored, and remembers the result once it is committed. */
  async transaction(storage: MutationStorage, options: { strict: boolean }, decide: (draft: Draft) => void): Promise<Committed> {
    const before = this.#known
    let known = before
    let draft = known
    let writes: readonly StorageWrite[] = []
    try {
      await storage.transaction(options, async (reader) => {
        known = await this.#catchUp(before, reader)
        draft = new Draft(known)
        decide(draft)
        writes = draft.writes()
        if (writes.length === 0) return writes
        const keys = writes.map(({ key }) => key)
        draft.meta = nextRevision(draft.meta, keys)
        return [...writes, { key: META_KEY, value: draft.meta }]
      })
    } catch (error) {
      this.forget()
      throw error
    }
    // A transaction that hung may end long after everything was forgotten and begun anew.
    if (this.#known === before) {
      known.absorb(draft)
      this.#known = known
    }
    return { writes, revision: draft.meta.revision }
  }

  async #catchUp(known: Draft, reader: StorageReader): Promise<Draft> {
    const meta = toMeta((await reader.getMany([META_KEY]))[0])
    const missed = meta && writtenSince(meta, known.meta.revision)
    if (missed === undefined) return Draft.of(await reader.entries(), this.#clock.now())
    const values = missed.length === 0 ? [] : await reader.getMany(missed)
    for (const [index, key] of missed.entries()) known.write(key, values[index])
    known.meta = meta!
    return known
  }
}
