import type { MutationRecord } from '../mutation/MutationRecord.js'
import type { Entry, StorageWrite } from '../ports/MutationStorage.js'
import { type Lane, placeInLane } from './lanes.js'
import { META_KEY, type QueueMeta, rebuildMeta, toMeta } from './meta.js'

/** Of a draft over nothing: not yet read from anywhere. */
const UNREAD: QueueMeta = { bornAt: 0, seq: 0, unfinished: 0, bytes: 0, revision: -1 }

/**
 * The queue's entries and the lanes in them: as storage has them, or drafted over such ones, which stay as they
 * are until the draft is absorbed. Operations work on it without waiting; one that fails leaves nothing behind.
 */
export class Draft {
  meta: QueueMeta
  readonly #below: Draft | undefined
  readonly #entries = new Map<string, unknown>()
  readonly #lanes = new Map<string, Lane>()

  /** @param below what is drafted over; none: these are all the entries there are */
  constructor(below?: Draft) {
    this.#below = below
    this.meta = below?.meta ?? UNREAD
  }

  /** All entries of a storage. Its own one about the queue is made anew when it is missing or damaged. */
  static of(entries: readonly Entry[], now: number): Draft {
    const draft = new Draft()
    // Each takes its place at the end of its lanes.
    const inOrder = [...entries].sort(([, left], [, right]) => seqOf(left) - seqOf(right))
    for (const [key, value] of inOrder) if (key !== META_KEY) draft.write(key, value)
    const meta = toMeta(entries.find(([key]) => key === META_KEY)?.[1])
    draft.meta = meta ?? rebuildMeta([...draft.#entries.values()].filter(isRecord), now)
    return draft
  }

  /** The entry as it is, whoever wrote it. */
  read(key: string): unknown {
    return this.#entries.has(key) ? this.#entries.get(key) : this.#below?.read(key)
  }

  /** The record, unless there is none or it is one of another version. */
  get(id: string): MutationRecord | undefined {
    const value = this.read(id)
    return isRecord(value) ? value : undefined
  }

  /** The mutations that stand in one lane, by seq. */
  lane(name: string): Lane {
    return this.#lanes.get(name) ?? this.#below?.lane(name) ?? []
  }

  /** `undefined` deletes. */
  write(key: string, value: unknown): void {
    const before = this.read(key)
    for (const name of lanesOf(before)) {
      if (!lanesOf(value).includes(name)) this.#setLane(name, placeInLane(this.lane(name), before as MutationRecord, false))
    }
    for (const name of lanesOf(value)) this.#setLane(name, placeInLane(this.lane(name), value as MutationRecord, true))
    this.#setEntry(key, value)
  }

  /** The entries this draft would change. */
  writes(): StorageWrite[] {
    return [...this.#entries].map(([key, value]) => ({ key, value }))
  }

  /** Takes over what was drafted over this one. */
  absorb(draft: Draft): void {
    for (const [key, value] of draft.#entries) this.#setEntry(key, value)
    for (const [name, lane] of draft.#lanes) this.#setLane(name, lane)
    this.meta = draft.meta
  }

  #setEntry(key: string, value: unknown): void {
    if (value === undefined && this.#below === undefined) this.#entries.delete(key)
    else this.#entries.set(key, value)
  }

  #setLane(name: string, lane: Lane): void {
    if (lane.length === 0 && this.#below === undefined) this.#lanes.delete(name)
    else this.#lanes.set(name, lane)
  }
}

function isRecord(value: unknown): value is MutationRecord {
  return (value as MutationRecord | null | undefined)?.v === 1
}

function seqOf(value: unknown): number {
  return (isRecord(value) && value.seq) || 0
}

function lanesOf(value: unknown): readonly string[] {
  return isRecord(value) && Array.isArray(value.inLanes) ? value.inLanes : []
}
