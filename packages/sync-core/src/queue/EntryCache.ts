import type { MutationRecord } from '../mutation/MutationRecord.js'
import type { MutationStorage, StorageReader, StorageWrite } from '../ports/MutationStorage.js'
import { Draft, NotLoaded } from './Draft.js'
import { type Lane, placeInLane } from './lanes.js'
import { META_KEY, toMeta } from './meta.js'
import type { Reads } from './Operation.js'

export interface Committed {
  writes: readonly StorageWrite[]
  /** Counts the transactions of all tabs that wrote; this was the last one. */
  revision: number
}

/**
 * What this tab knows of the stored entries. Each transaction that writes counts up a revision in one entry,
 * so reading that entry alone tells whether anybody else wrote since: if not, nothing has to be read again.
 */
export class EntryCache {
  #known = new KnownEntries()
  #revision: number | undefined

  /** Takes over all entries as they were just read. */
  fill(entries: readonly (readonly [key: string, value: unknown])[]): void {
    this.#known = new KnownEntries(entries)
    this.#revision = toMeta(this.#known.entries.get(META_KEY)).revision
  }

  /** The next transaction reads what it needs. */
  forget(): void {
    this.#known = new KnownEntries()
    this.#revision = undefined
  }

  /** Another tab told what it wrote. Of use only when nothing was missed in between. */
  follow({ writes, revision }: Committed): void {
    if (this.#revision !== revision - 1) return
    this.#known.apply(writes)
    this.#revision = revision
  }

  /**
   * Runs `decide` in one transaction on what is known and what it asks for, and remembers the result once it is
   * committed.
   */
  async transaction(
    storage: MutationStorage,
    options: { strict: boolean },
    decide: (session: EntrySession) => Promise<void>,
  ): Promise<Committed> {
    const known = this.#known
    const before = this.#revision
    let writes: readonly StorageWrite[] = []
    let revision = 0
    try {
      await storage.transaction(options, async (reader) => {
        const [meta] = await reader.getMany([META_KEY])
        revision = toMeta(meta).revision
        if (revision !== before || this.#revision !== before) known.clear()
        known.entries.set(META_KEY, meta)
        const draft = new Draft(known)
        await decide(new EntrySession(draft, known, reader))
        writes = draft.writes()
        if (writes.length === 0) return writes
        revision += 1
        draft.attempt(() => {
          draft.meta = { ...draft.meta, revision }
        })
        writes = draft.writes()
        return writes
      })
    } catch (error) {
      this.forget()
      throw error
    }
    // A transaction that hung may end long after everything was forgotten and begun anew.
    if (known === this.#known) {
      known.apply(writes)
      this.#revision = revision
    }
    return { writes, revision }
  }
}

/** Entries by key, and the records among them by lane. */
class KnownEntries {
  readonly entries: Map<string, unknown>
  readonly lanes = new Map<string, Lane>()
  isComplete: boolean

  constructor(entries?: readonly (readonly [key: string, value: unknown])[]) {
    this.entries = new Map(entries)
    this.isComplete = entries !== undefined
    const records = [...this.entries.values()].filter(standsInLanes).sort((left, right) => (left.seq ?? 0) - (right.seq ?? 0))
    const lanes = new Map<string, MutationRecord[]>()
    for (const record of records) {
      for (const name of record.inLanes) {
        const lane = lanes.get(name)
        if (lane) lane.push(record)
        else lanes.set(name, [record])
      }
    }
    this.lanes = lanes
  }

  clear(): void {
    this.entries.clear()
    this.lanes.clear()
    this.isComplete = false
  }

  knowLane(name: string, values: readonly unknown[]): void {
    const records = values.filter(standsInLanes).sort((left, right) => (left.seq ?? 0) - (right.seq ?? 0))
    for (const record of records) this.entries.set(record.id, record)
    this.lanes.set(name, records)
  }

  apply(writes: readonly StorageWrite[]): void {
    for (const { key, value } of writes) {
      const before = this.entries.get(key)
      const record = standsInLanes(value) ? value : standsInLanes(before) ? before : undefined
      if (record !== undefined) this.#place(record, before, value)
      if (value === undefined) this.entries.delete(key)
      else this.entries.set(key, value)
    }
  }

  #place(record: MutationRecord, before: unknown, after: unknown): void {
    const from = standsInLanes(before) ? before.inLanes : []
    const to = standsInLanes(after) ? after.inLanes : []
    for (const name of new Set([...from, ...to])) {
      const lane = this.lanes.get(name) ?? (this.isComplete ? [] : undefined)
      if (lane === undefined) continue
      const next = placeInLane(lane, record, to.includes(name))
      if (next.length === 0 && this.isComplete) this.lanes.delete(name)
      else this.lanes.set(name, next)
    }
  }
}

function standsInLanes(value: unknown): value is MutationRecord {
  const record = value as MutationRecord | null | undefined
  return record?.v === 1 && Array.isArray(record.inLanes) && record.inLanes.length > 0
}

/** One open transaction: loads entries as operations need them. */
export class EntrySession {
  readonly draft: Draft
  readonly #known: KnownEntries
  readonly #reader: StorageReader

  constructor(draft: Draft, known: KnownEntries, reader: StorageReader) {
    this.draft = draft
    this.#known = known
    this.#reader = reader
  }

  async load({ ids = [], lanes = [] }: Reads): Promise<void> {
    const unknownIds = [...new Set(ids)].filter((id) => !this.draft.isKnown(id))
    const unknownLanes = [...new Set(lanes)].filter((lane) => !this.draft.isLaneKnown(lane))
    if (unknownIds.length + unknownLanes.length === 0) return
    const [values, found] = await Promise.all([
      this.#reader.getMany(unknownIds),
      Promise.all(unknownLanes.map((lane) => this.#reader.getInLane(lane))),
    ])
    for (const [index, id] of unknownIds.entries()) this.#known.entries.set(id, values[index])
    for (const [index, lane] of unknownLanes.entries()) this.#known.knowLane(lane, found[index] ?? [])
  }

  /** Runs `act`, again as often as it asks for something that is not there yet. */
  async attempt<Result>(act: (draft: Draft) => Result): Promise<Result> {
    for (;;) {
      try {
        return this.draft.attempt(() => act(this.draft))
      } catch (error) {
        if (!(error instanceof NotLoaded)) throw error
        await this.load('id' in error.missing ? { ids: [error.missing.id] } : { lanes: [error.missing.lane] })
      }
    }
  }
}
