import type { MutationRecord, SingleRecord } from '../mutation/MutationRecord.js'
import { isBulk, isUnfinished } from '../mutation/mutationState.js'
import type { StorageKey } from '../ports/MutationStorage.js'
import { type EntryChange, entryOf, gone, isGone, type QueueEntry } from './entry.js'
import { type Lane, placeInLane } from './lanes.js'
import type { QueueMeta } from './meta.js'

/** Of a draft over nothing: not yet read from anywhere. */
const UNREAD: QueueMeta = { birth: '', seq: 0, revision: -1 }

/**
 * The queue's entries and the lanes in them: as storage has them, or drafted over such ones, which stay as they
 * are until the draft is absorbed. Operations work on it without waiting; one that fails leaves nothing behind.
 */
export class Draft {
  meta: QueueMeta
  /** How many mutations count towards the queue's limits, and how large they are. */
  unfinished: number
  bytes: number
  /** Grows with everything that others are known to have written. */
  news: number
  readonly #below: Draft | undefined
  readonly #entries = new Map<string, QueueEntry>()
  readonly #lanes = new Map<string, Lane>()

  /** @param below what is drafted over; none: these are all the entries there are */
  constructor(below?: Draft) {
    this.#below = below
    this.meta = below?.meta ?? UNREAD
    this.unfinished = below?.unfinished ?? 0
    this.bytes = below?.bytes ?? 0
    this.news = below?.news ?? 0
  }

  /** All entries of a storage. */
  static of(entries: readonly QueueEntry[], meta: QueueMeta): Draft {
    const draft = new Draft()
    draft.meta = meta
    // Each takes its place at the end of its lanes.
    const inOrder = [...entries].sort((left, right) => placeOf(left) - placeOf(right))
    for (const entry of inOrder) draft.#write(entry)
    return draft
  }

  /** The entry as it is, whoever wrote it. */
  find(id: string): QueueEntry | undefined {
    const entry = this.#entries.get(id)
    if (entry === undefined) return this.#below?.find(id)
    return isGone(entry) ? undefined : entry
  }

  /** The entry that is stored there. Looks through all of them, as what is seldom needed may. */
  at(key: StorageKey): QueueEntry | undefined {
    for (const entry of this.#entries.values()) if (entry.key === key) return isGone(entry) ? undefined : entry
    return this.#below?.at(key)
  }

  /** The mutation, unless there is none or it cannot be read. */
  get(id: string): MutationRecord | undefined {
    return this.find(id)?.record
  }

  /** The same, unless it is a bulk mutation. */
  single(id: string): SingleRecord | undefined {
    const record = this.get(id)
    return record === undefined || isBulk(record) ? undefined : record
  }

  /** The mutations that stand in one lane, by seq. */
  lane(name: string): Lane {
    return this.#lanes.get(name) ?? this.#below?.lane(name) ?? []
  }

  /** What is new is stored at its place. */
  write(record: MutationRecord): void {
    const key = this.find(record.id)?.key ?? record.seq
    if (key !== null) this.#write(entryOf(record, key))
  }

  remove(id: string): void {
    const entry = this.find(id)
    if (entry !== undefined) this.#write(gone(id, entry.key))
  }

  /** Takes over what others wrote. */
  learn(entry: QueueEntry): void {
    this.news += 1
    const isBeyond = typeof entry.key === 'number' && entry.key > this.meta.seq
    const there = this.find(entry.id)?.key === entry.key || isBeyond ? undefined : this.at(entry.key)
    if (there !== undefined && there.id !== entry.id) this.#write(gone(there.id, there.key))
    if (!isGone(entry) || this.find(entry.id) !== undefined) this.#write(entry)
  }

  /** Every entry, drafted or below. */
  all(): QueueEntry[] {
    const others = this.#below?.all().filter(({ id }) => !this.#entries.has(id)) ?? []
    return [...others, ...this.entries()].filter((entry) => !isGone(entry))
  }

  /** The entries this draft changes; of one over nothing: all there are. */
  entries(): QueueEntry[] {
    return [...this.#entries.values()]
  }

  /** Takes over what was drafted over this one. */
  absorb(draft: Draft): EntryChange[] {
    const changes = draft.entries().map((after) => ({ before: this.find(after.id), after }))
    for (const { after } of changes) this.#setEntry(after)
    for (const [name, lane] of draft.#lanes) this.#setLane(name, lane)
    this.meta = draft.meta
    this.unfinished = draft.unfinished
    this.bytes = draft.bytes
    this.news = draft.news
    return changes
  }

  #write(entry: QueueEntry): void {
    const before = this.get(entry.id)
    const after = entry.record
    for (const name of before?.inLanes ?? []) {
      if (!after?.inLanes.includes(name)) this.#setLane(name, placeInLane(this.lane(name), before!, false))
    }
    for (const name of after?.inLanes ?? []) this.#setLane(name, placeInLane(this.lane(name), after!, true))
    this.#count(before, -1)
    this.#count(after, 1)
    if (typeof entry.key === 'number' && entry.key > this.meta.seq) this.meta = { ...this.meta, seq: entry.key }
    this.#setEntry(entry)
  }

  // A bulk mutation's children count for it.
  #count(record: MutationRecord | undefined, change: number): void {
    if (record === undefined || isBulk(record) || !isUnfinished(record)) return
    this.unfinished += change
    this.bytes += change * record.bytes
  }

  #setEntry(entry: QueueEntry): void {
    if (this.#below === undefined && isGone(entry)) this.#entries.delete(entry.id)
    else this.#entries.set(entry.id, entry)
  }

  #setLane(name: string, lane: Lane): void {
    if (lane.length === 0 && this.#below === undefined) this.#lanes.delete(name)
    else this.#lanes.set(name, lane)
  }
}

function placeOf({ key }: QueueEntry): number {
  return typeof key === 'number' ? key : 0
}
