import type { MutationRecord } from '../mutation/MutationRecord.js'
import type { Clock } from '../ports/Clock.js'
import type { Entry, MutationStorage, StorageReader, StorageWrite } from '../ports/MutationStorage.js'
import { Draft } from './Draft.js'
import { META_KEY, nextRevision, toMeta, writtenSince } from './meta.js'
import { writeBack } from './writeBack.js'

export interface Committed {
  /** What this transaction wrote. */
  writes: readonly StorageWrite[]
  /** What others wrote since the last one, as far as this tab had not been told. */
  learned: readonly StorageWrite[]
  /** Counts the transactions of all tabs that wrote; this was the last one. */
  revision: number
  /** The queue's entry about itself was damaged and has been made anew. */
  isRebuilt: boolean
  /** Mutations that were in a database lost since, and were written again. */
  restored: number
}

/** What a transaction found. */
interface Found {
  draft: Draft
  learned: readonly StorageWrite[]
  isRebuilt: boolean
  /** There was an entry about the queue. */
  isStored: boolean
}

/**
 * What is stored, as this tab knows it. Each transaction that writes counts up a revision, so reading that one
 * entry tells whether anybody else wrote since: if not, nothing has to be read again.
 */
export class StoredQueue {
  readonly #clock: Clock
  readonly #remembered: () => Iterable<MutationRecord>
  #known = new Draft()
  /** Of the database that this tab has met. */
  #bornAt: number | undefined

  /** @param remembered the mutations this tab knows, asked for when the database turns out to be another one */
  constructor(clock: Clock, remembered: () => Iterable<MutationRecord>) {
    this.#clock = clock
    this.#remembered = remembered
  }

  /** The last revision this tab knows all about. */
  get revision(): number {
    return this.#known.meta.revision
  }

  /** The next transaction reads everything. */
  forget(): void {
    this.#known = new Draft()
  }

  /** Another tab told what it wrote. Of use only when nothing was missed in between. */
  follow(writes: readonly StorageWrite[], revision: number): void {
    const known = this.#known
    if (known.meta.revision !== revision - 1) return
    for (const { key, value } of writes) known.write(key, value)
    known.meta = { ...known.meta, revision }
  }

  /** Runs `decide` in one transaction on what is stored, and remembers the result once it is committed. */
  async transaction(storage: MutationStorage, options: { strict: boolean }, decide: (draft: Draft) => void): Promise<Committed> {
    const before = this.#known
    let known: Found = { draft: before, learned: NOTHING, isRebuilt: false, isStored: false }
    let draft = before
    let writes = NOTHING
    let restored = 0
    try {
      await storage.transaction(options, async (reader) => {
        known = await this.#catchUp(before, reader)
        draft = new Draft(known.draft)
        const isOther = this.#bornAt !== undefined && this.#bornAt !== draft.meta.bornAt
        restored = isOther ? writeBack(draft, this.#remembered()) : 0
        decide(draft)
        writes = draft.writes()
        if (writes.length === 0 && !known.isRebuilt) return writes
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
      known.draft.absorb(draft)
      this.#known = known.draft
      // One that nothing was ever written to is born with the first write.
      if (known.isStored || writes.length > 0) this.#bornAt = draft.meta.bornAt
    }
    // What was written again is not gone.
    const learned = known.learned.filter(({ key, value }) => value !== undefined || draft.read(key) === undefined)
    return { learned, isRebuilt: known.isRebuilt, writes, restored, revision: draft.meta.revision }
  }

  async #catchUp(known: Draft, reader: StorageReader): Promise<Found> {
    const meta = toMeta((await reader.getMany([META_KEY]))[0])
    const missed = meta?.bornAt === known.meta.bornAt ? writtenSince(meta, known.meta.revision) : undefined
    if (meta === undefined || missed === undefined) return this.#readAll(known, await reader.entries())
    const values = missed.length === 0 ? [] : await reader.getMany(missed)
    const learned = missed.map((key, index) => ({ key, value: values[index] }))
    for (const { key, value } of learned) known.write(key, value)
    known.meta = meta
    return { draft: known, learned, isRebuilt: false, isStored: true }
  }

  #readAll(known: Draft, entries: readonly Entry[]): Found {
    const draft = Draft.of(entries, this.#clock.now())
    const gone = known.writes().filter(({ key }) => draft.read(key) === undefined)
    const learned = [...draft.writes(), ...gone.map(({ key }) => ({ key, value: undefined }))]
    const isStored = entries.some(([key, value]) => key === META_KEY && toMeta(value) !== undefined)
    return { draft, learned, isRebuilt: entries.length > 0 && !isStored, isStored }
  }
}

const NOTHING: readonly StorageWrite[] = []
