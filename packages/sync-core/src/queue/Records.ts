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
  /** In the order of their places while `#isOrdered`: whoever looks for work must not wade through what has ended. */
  #unfinished = new Map<string, MutationRecord>()
  #isOrdered = true
  #lastSeq = 0
  /** What has ended, oldest first, and what cannot be read. */
  readonly #others = new Map<string, Entry>()
  readonly #lanes = new Map<string, MutationRecord[]>()
  #arriving = 0

  get(id: string): MutationRecord | undefined {
    return recordOf(this.#entry(id))
  }

  /** The same, if it is stored. */
  find(id: string): Entry | undefined {
    const entry = this.#entry(id)
    return entry === undefined || placeOf(entry) === null ? undefined : entry
  }

  /** All that is stored. */
  stored(): Entry[] {
    return [...this.#unfinished.values(), ...this.#others.values()].filter((entry) => placeOf(entry) !== null)
  }

  lane(name: string): Lane {
    return this.#lanes.get(name) ?? []
  }

  /** By seq; what is not stored yet comes last. */
  unfinished(): Iterable<MutationRecord> {
    if (!this.#isOrdered) this.#unfinished = new Map([...this.#unfinished].sort(([, left], [, right]) => bySeq(left, right)))
    this.#isOrdered = true
    return this.#unfinished.values()
  }

  /** Those that are stored, oldest first. */
  *settled(): Iterable<Mutation<'settled'>> {
    for (const entry of this.#others.values()) if (isSettled(entry)) yield entry
  }

  /** Unfinished ones, then those that have ended. */
  all(): readonly MutationRecord[] {
    return [...this.unfinished(), ...[...this.#others.values()].flatMap((entry) => recordOf(entry) ?? [])]
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

  #entry(id: string): Entry | undefined {
    return this.#unfinished.get(id) ?? this.#others.get(id)
  }

  #put(id: string, after: Entry | undefined): EntryChange {
    const before = this.#entry(id)
    const [former, record] = [recordOf(before), recordOf(after)]
    this.#count(former, -1)
    this.#count(record, 1)
    for (const lane of (record ?? former)?.lanes ?? []) this.#putInLane(lane, former, record)
    if (after instanceof Unreadable) this.unreadable.set(id, after)
    else this.unreadable.delete(id)
    if (record !== undefined && !hasEnded(record)) this.#place(record)
    else {
      this.#unfinished.delete(id)
      if (after === undefined) this.#others.delete(id)
      else this.#others.set(id, after)
    }
    return { before, after }
  }

  #place(record: MutationRecord): void {
    const { id, seq } = record
    this.#others.delete(id)
    if (seq !== null && this.#unfinished.get(id)?.seq !== seq) {
      // The usual case, a new highest place, keeps the order without sorting.
      this.#unfinished.delete(id)
      this.#isOrdered &&= seq > this.#lastSeq
      this.#lastSeq = Math.max(this.#lastSeq, seq)
    }
    this.#unfinished.set(id, record)
  }

  #putInLane(name: string, before: MutationRecord | undefined, record: MutationRecord | undefined): void {
    const lane = this.#lanes.get(name) ?? []
    // By identity: to compare the keys of a long lane would cost more than all else that a click does here.
    const at = before === undefined ? -1 : lane.indexOf(before)
    if (record !== undefined && lane[at]?.seq === record.seq) lane[at] = record
    else {
      if (at >= 0) lane.splice(at, 1)
      if (record !== undefined) lane.splice(lane.findLastIndex((other) => bySeq(other, record) <= 0) + 1, 0, record)
    }
    if (lane.length > 0) this.#lanes.set(name, lane)
    else this.#lanes.delete(name)
  }

  #count(record: MutationRecord | undefined, change: number): void {
    if (record === undefined) return
    if (record.parentId === undefined) this.clicks[isPending(record) ? 'pending' : record.state] += change
    if (isSettled(record)) this.settledCount += change
    else if (record.seq !== null) count(this.taken, record, change)
    else if (!hasEnded(record) && !isBulk(record)) this.#arriving += change
  }
}

/** Counts what is stored towards the queue's limits. */
export function count(taken: Taken, record: MutationRecord | undefined, change: number): void {
  if (record === undefined || record.seq === null || hasEnded(record) || isBulk(record)) return
  taken.mutations += change
  taken.bytes += change * record.bytes
}

export function toRecords({ before, after }: EntryChange): RecordChange {
  return { before: recordOf(before), after: recordOf(after) }
}

function isSettled(entry: Entry): entry is Mutation<'settled'> {
  return !(entry instanceof Unreadable) && entry.state === 'settled' && entry.seq !== null
}

const NOT_YET = Number.MAX_SAFE_INTEGER

/** What is not stored yet comes last. */
export function bySeq(left: MutationRecord, right: MutationRecord): number {
  return (left.seq ?? NOT_YET) - (right.seq ?? NOT_YET)
}
