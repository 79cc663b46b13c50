import type { MutationRecord, SingleRecord } from '../mutation/MutationRecord.js'
import { isBulk, isUnfinished } from '../mutation/mutationState.js'
import type { Entry, StorageKey } from '../ports/MutationStorage.js'
import { type Lane, placeInLane } from './lanes.js'
import { META_KEY, type QueueMeta } from './meta.js'

/** Of a draft over nothing: not yet read from anywhere. */
const UNREAD: QueueMeta = { bornAt: 0, seq: 0, revision: -1 }

/** One stored entry as the queue knows it: a mutation, one that cannot be read, or one that is gone. */
export interface QueueEntry {
  /** The mutation's key. What never was a mutation goes by its key in storage. */
  id: string
  /** Where it is stored: a click's place in the order of all. */
  key: StorageKey
  value: unknown
}

/**
 * The queue's entries and the lanes in them: as storage has them, or drafted over such ones, which stay as they
 * are until the draft is absorbed. Operations work on it without waiting; one that fails leaves nothing behind.
 */
export class Draft {
  meta: QueueMeta
  /** How many mutations count towards the queue's limits, and how large they are. */
  unfinished: number
  bytes: number
  readonly #below: Draft | undefined
  readonly #entries = new Map<string, QueueEntry>()
  readonly #lanes = new Map<string, Lane>()

  /** @param below what is drafted over; none: these are all the entries there are */
  constructor(below?: Draft) {
    this.#below = below
    this.meta = below?.meta ?? UNREAD
    this.unfinished = below?.unfinished ?? 0
    this.bytes = below?.bytes ?? 0
  }

  /** All entries of a storage. */
  static of(entries: readonly Entry[], meta: QueueMeta): Draft {
    const draft = new Draft()
    draft.meta = meta
    // Each takes its place at the end of its lanes.
    const inOrder = [...entries].sort(([, left], [, right]) => seqOf(left) - seqOf(right))
    for (const [key, value] of inOrder) if (key !== META_KEY) draft.learn(key, value)
    return draft
  }

  /** The entry as it is, whoever wrote it. */
  find(id: string): QueueEntry | undefined {
    return this.#entries.get(id) ?? this.#below?.find(id)
  }

  /** The entry that is stored there. Looks through all of them, as what is seldom needed may. */
  at(key: StorageKey): QueueEntry | undefined {
    return this.writes().find((entry) => entry.key === key) ?? this.#below?.at(key)
  }

  /** The record, unless there is none or it is one of another version. */
  get(id: string): MutationRecord | undefined {
    return recordOf(this.find(id))
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

  /** `undefined` deletes. What is new is stored at its place. */
  write(id: string, value: unknown): void {
    const key = this.find(id)?.key ?? seqOf(value)
    if (key !== 0) this.#write({ id, key, value })
  }

  /** Takes over what storage has under `key`. */
  learn(key: StorageKey, value: unknown): QueueEntry {
    const id = isRecord(value) ? value.id : (this.at(key)?.id ?? String(key))
    const entry = { id, key, value }
    this.#write(entry)
    return entry
  }

  /** The entries this draft would change. */
  writes(): QueueEntry[] {
    return [...this.#entries.values()]
  }

  /** Takes over what was drafted over this one. */
  absorb(draft: Draft): void {
    for (const entry of draft.#entries.values()) this.#setEntry(entry)
    for (const [name, lane] of draft.#lanes) this.#setLane(name, lane)
    this.meta = draft.meta
    this.unfinished = draft.unfinished
    this.bytes = draft.bytes
  }

  #write(entry: QueueEntry): void {
    const before = this.get(entry.id)
    const after = recordOf(entry)
    for (const name of lanesOf(before)) {
      if (!lanesOf(after).includes(name)) this.#setLane(name, placeInLane(this.lane(name), before!, false))
    }
    for (const name of lanesOf(after)) this.#setLane(name, placeInLane(this.lane(name), after!, true))
    this.#count(before, -1)
    this.#count(after, 1)
    if (typeof entry.key === 'number' && entry.key > this.meta.seq) this.meta = { ...this.meta, seq: entry.key }
    this.#setEntry(entry)
  }

  // A bulk mutation's children count for it.
  #count(record: MutationRecord | undefined, change: number): void {
    if (record === undefined || isBulk(record) || !isUnfinished(record)) return
    this.unfinished += change
    this.bytes += change * (record.bytes || 0)
  }

  #setEntry(entry: QueueEntry): void {
    if (entry.value === undefined && this.#below === undefined) this.#entries.delete(entry.id)
    else this.#entries.set(entry.id, entry)
  }

  #setLane(name: string, lane: Lane): void {
    if (lane.length === 0 && this.#below === undefined) this.#lanes.delete(name)
    else this.#lanes.set(name, lane)
  }
}

function recordOf(entry: QueueEntry | undefined): MutationRecord | undefined {
  return isRecord(entry?.value) ? entry.value : undefined
}

function isRecord(value: unknown): value is MutationRecord {
  const record = value as MutationRecord | null | undefined
  return record?.v === 1 && typeof record.id === 'string'
}

function seqOf(value: unknown): number {
  return (isRecord(value) && value.seq) || 0
}

function lanesOf(record: MutationRecord | undefined): readonly string[] {
  return Array.isArray(record?.inLanes) ? record.inLanes : []
}
