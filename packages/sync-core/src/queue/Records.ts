import type { Mutation, MutationRecord } from '../mutation/MutationRecord.js'
import { hasEnded, isBulk, isPending } from '../mutation/mutationState.js'
import type { Draft } from './Draft.js'
import { type Entry, placeOf, recordOf, Unreadable } from './entry.js'
import { type QueueMeta, UNSURE } from './meta.js'

/** One mutation that came, changed or went (`after: undefined`). */
export interface RecordChange {
  before: MutationRecord | undefined
  after: MutationRecord | undefined
}

/** An entry that did, for whatever reason. */
export interface EntryChange {
  before: Entry | undefined
  after: Entry | undefined
}

/** The mutations that touch one lane, a bulk mutation beside its parts, by seq; what is not stored yet comes last. */
export type Lane = readonly MutationRecord[]

/** How a click stands: it goes on by itself, waits for a person, or has ended. */
type Standing = 'pending' | 'unknown' | 'settled' | 'dead'

/** How much of the queue's limits is used up: by a bulk mutation's parts, not by itself. */
export interface Taken {
  mutations: number
  bytes: number
}

/** Of records that were not yet read from anywhere. */
const UNREAD: QueueMeta = { birth: '', seq: 0, revision: UNSURE }

/**
 * The one copy of the queue in this tab: what is stored, as far as this tab knows, and the clicks that are on their way
 * there. Whoever looks, sees all of it; whoever decides, does so on a draft laid over what is stored.
 */
export class Records {
  meta = UNREAD
  /** Grows with everything that others are known to have written. */
  news = 0
  /** By what is stored. */
  readonly taken: Taken = { mutations: 0, bytes: 0 }
  readonly unreadable = new Map<string, Unreadable>()
  /** How many clicks there are of each kind; a bulk click counts once. */
  readonly clicks: Record<Standing, number> = { pending: 0, unknown: 0, settled: 0, dead: 0 }
  /** How many are stored and settled, the parts of bulk clicks among them. */
  settledCount = 0
  /** In the order of their places while `#isOrdered`. */
  #entries = new Map<string, Entry>()
  #isOrdered = true
  #lastPlace = 0
  readonly #lanes = new Map<string, MutationRecord[]>()
  #arriving = 0

  get(id: string): MutationRecord | undefined {
    return recordOf(this.#entries.get(id))
  }

  /** The same, if it is stored. */
  find(id: string): Entry | undefined {
    const entry = this.#entries.get(id)
    return entry === undefined || placeOf(entry) === null ? undefined : entry
  }

  /** All that is stored. */
  stored(): Entry[] {
    return [...this.#entries.values()].filter((entry) => placeOf(entry) !== null)
  }

  lane(name: string): Lane {
    return this.#lanes.get(name) ?? []
  }

  /** By seq; what is not stored yet comes last. */
  unfinished(): Iterable<MutationRecord> {
    return this.#inOrder((record) => !hasEnded(record))
  }

  /** Those that are stored, oldest first. */
  settled(): Iterable<Mutation<'settled'>> {
    return this.#inOrder(isSettled)
  }

  /** Unfinished ones, then those that have ended. */
  *all(): Iterable<MutationRecord> {
    yield* this.unfinished()
    yield* this.#inOrder(hasEnded)
  }

  /** How many count towards the queue's limit. */
  get unfinishedCount(): number {
    return this.taken.mutations + this.#arriving
  }

  /** A click that is not stored yet, how it ended without ever being stored, or what another tab says it cannot be read. */
  show(entry: Entry): EntryChange {
    return this.#put(entry.id, entry)
  }

  /** Takes back what was shown and is not stored. */
  hide(id: string): EntryChange | undefined {
    return this.get(id)?.seq === null ? this.#put(id, undefined) : undefined
  }

  /** Takes over what was drafted over this. */
  absorb(draft: Draft): EntryChange[] {
    this.meta = draft.meta
    this.news = draft.news
    return [...draft.changed].map(([id, after]) => this.#put(id, after))
  }

  *#inOrder<Wanted extends MutationRecord>(isWanted: (record: MutationRecord) => record is Wanted): Iterable<Wanted> {
    if (!this.#isOrdered) this.#entries = new Map([...this.#entries].sort(([, left], [, right]) => orderOf(left) - orderOf(right)))
    this.#isOrdered = true
    for (const entry of this.#entries.values()) {
      const record = recordOf(entry)
      if (record !== undefined && isWanted(record)) yield record
    }
  }

  #put(id: string, after: Entry | undefined): EntryChange {
    const before = this.#entries.get(id)
    this.#count(before, -1)
    this.#count(after, 1)
    if (after instanceof Unreadable) this.unreadable.set(id, after)
    else this.unreadable.delete(id)
    for (const lane of recordOf(after ?? before)?.lanes ?? []) this.#putInLane(lane, id, recordOf(after))
    if (after === undefined) this.#entries.delete(id)
    else this.#place(id, before, after)
    return { before, after }
  }

  #place(id: string, before: Entry | undefined, after: Entry): void {
    const place = orderOf(after)
    if (before !== undefined && orderOf(before) !== place) this.#entries.delete(id)
    // The usual case, a new highest place, keeps the order without sorting.
    if (!this.#entries.has(id) && place !== NOT_YET) {
      this.#isOrdered &&= place > this.#lastPlace
      this.#lastPlace = Math.max(this.#lastPlace, place)
    }
    this.#entries.set(id, after)
  }

  #putInLane(name: string, id: string, record: MutationRecord | undefined): void {
    const lane = this.#lanes.get(name) ?? []
    const at = lane.findIndex((other) => other.id === id)
    if (record !== undefined && lane[at]?.seq === record.seq) lane[at] = record
    else {
      if (at >= 0) lane.splice(at, 1)
      if (record !== undefined) lane.splice(lane.findLastIndex((other) => bySeq(other, record) <= 0) + 1, 0, record)
    }
    if (lane.length > 0) this.#lanes.set(name, lane)
    else this.#lanes.delete(name)
  }

  #count(entry: Entry | undefined, change: number): void {
    const record = recordOf(entry)
    if (record === undefined) return
    if (record.parentId === undefined) this.clicks[isPending(record) ? 'pending' : record.state] += change
    if (isSettled(record)) this.settledCount += change
    else if (record.seq !== null) count(this.taken, record, change)
    else if (!hasEnded(record) && !isBulk(record)) this.#arriving += change
  }
}

/** Counts what is stored towards the queue's limits. */
export function count(taken: Taken, entry: Entry | undefined, change: number): void {
  const record = recordOf(entry)
  if (record === undefined || record.seq === null || hasEnded(record) || isBulk(record)) return
  taken.mutations += change
  taken.bytes += change * record.bytes
}

export function toRecords({ before, after }: EntryChange): RecordChange {
  return { before: recordOf(before), after: recordOf(after) }
}

function isSettled(record: MutationRecord): record is Mutation<'settled'> {
  return record.state === 'settled' && record.seq !== null
}

const NOT_YET = Number.MAX_SAFE_INTEGER

/** What is not stored yet comes last. */
export function bySeq(left: MutationRecord, right: MutationRecord): number {
  return (left.seq ?? NOT_YET) - (right.seq ?? NOT_YET)
}

function orderOf(entry: Entry): number {
  const place = placeOf(entry)
  return typeof place === 'string' ? 0 : (place ?? NOT_YET)
}
