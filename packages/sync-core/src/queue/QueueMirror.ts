import type { MutationRecord, MutationState } from '../mutation/MutationRecord.js'
import { isBulk, isUnfinished } from '../mutation/mutationState.js'
import type { Draft } from './Draft.js'
import type { EntryChange } from './entry.js'
import type { Lane } from './lanes.js'

/** One record that came, changed or went (`after: undefined`). */
export interface MirrorChange {
  before: MutationRecord | undefined
  after: MutationRecord | undefined
}

/**
 * The queue as components see it and as the dispatcher looks at it: what is stored, and over it what is on its way
 * there and what another tab told that this one cannot place yet. A hint, never the truth.
 */
export class QueueMirror {
  readonly #stored: () => Draft
  readonly #ahead = new Map<string, MutationRecord>()
  /** Of clicks on their way, by lane. */
  readonly #arriving = new Map<string, Map<string, MutationRecord>>()
  readonly #lanes = new Map<string, Set<string>>()
  #unfinished = new Set<string>()
  readonly #settled = new Set<string>()
  readonly #clicks = new Map<MutationState, number>()
  #unfinishedCount = 0
  #heard = 0
  #isOrdered = true
  #lastSeq = 0

  /** @param stored what is known to be stored */
  constructor(stored: () => Draft) {
    this.#stored = stored
  }

  get(id: string): MutationRecord | undefined {
    return this.#ahead.get(id) ?? this.#stored().get(id)
  }

  /** Unfinished ones by seq, what is not stored yet last; then those that have ended. */
  *all(): Iterable<MutationRecord> {
    yield* this.unfinished()
    for (const { record } of this.#stored().entries()) if (record !== undefined && !this.#unfinished.has(record.id)) yield record
    for (const record of this.#ahead.values()) if (record.seq === null && !this.#unfinished.has(record.id)) yield record
  }

  /** By seq; what is not stored yet comes last. */
  *unfinished(): Iterable<MutationRecord> {
    if (!this.#isOrdered) this.#order()
    yield* this.#known(this.#unfinished)
  }

  /** How many count towards the queue's limit: a bulk mutation's parts, not itself. */
  get unfinishedCount(): number {
    return this.#unfinishedCount
  }

  /** Grows with everything that others are known to have written. */
  get news(): number {
    return this.#stored().news + this.#heard
  }

  /** How many clicks (a bulk click counts once) are in one of these states. */
  countClicks(...states: readonly MutationState[]): number {
    return states.reduce((sum, state) => sum + (this.#clicks.get(state) ?? 0), 0)
  }

  /** Those that are stored, oldest first. */
  *settled(): Iterable<MutationRecord> {
    yield* this.#known(this.#settled)
  }

  get settledCount(): number {
    return this.#settled.size
  }

  /** Mutations of a lane that a button may show (a bulk click counts once), in the order they came. */
  inLane(lane: string): Iterable<string> {
    return this.#lanes.get(lane) ?? []
  }

  /** The mutations that stand in one lane, by seq; what is not stored yet comes last. */
  lane(name: string): Lane {
    const stored = this.#stored().lane(name)
    const arriving = this.#arriving.get(name)
    if (arriving === undefined && this.#ahead.size === 0) return stored
    return [...stored.map((record) => this.#ahead.get(record.id) ?? record), ...(arriving?.values() ?? [])]
  }

  /** Shows a click that is not stored yet, or how it ended without ever being stored. */
  show(record: MutationRecord): MirrorChange {
    const before = this.get(record.id)
    this.#leave(record.id)
    this.#ahead.set(record.id, record)
    if (isUnfinished(record) && !isBulk(record)) {
      for (const lane of record.lanes) this.#arriving.set(lane, (this.#arriving.get(lane) ?? new Map()).set(record.id, record))
    }
    return this.#changed(before, record)
  }

  /** Takes back what was shown and is not stored. */
  hide(id: string): MirrorChange | undefined {
    const before = this.#ahead.get(id)
    if (before === undefined) return undefined
    this.#leave(id)
    return this.#changed(before, this.#stored().get(id))
  }

  /** Another tab told this, and something that came before it is not known. */
  hear(record: MutationRecord): MirrorChange | undefined {
    const before = this.get(record.id)
    this.#heard += 1
    if (before !== undefined && before.rev >= record.rev) return undefined
    this.#leave(record.id)
    this.#ahead.set(record.id, record)
    return this.#changed(before, record)
  }

  /** What is stored changed. @param isComplete nothing that was heard of is still unknown */
  follow(changes: readonly EntryChange[], isComplete: boolean): MirrorChange[] {
    const shown: MirrorChange[] = []
    for (const { before, after } of changes) {
      const ahead = this.#ahead.get(after.id)
      const isNewer = ahead !== undefined && ahead.seq !== null && ahead.rev > (after.record?.rev ?? Number.POSITIVE_INFINITY)
      if (isNewer && !isComplete) continue
      this.#leave(after.id)
      shown.push(this.#changed(ahead ?? before?.record, after.record))
    }
    if (isComplete) for (const { id, seq } of [...this.#ahead.values()]) if (seq !== null) shown.push(this.hide(id)!)
    return shown.filter(({ before, after }) => before !== after)
  }

  // For a moment after a commit, what it deleted is gone from what is stored and not yet from here.
  *#known(ids: Iterable<string>): Iterable<MutationRecord> {
    for (const id of ids) {
      const record = this.get(id)
      if (record !== undefined) yield record
    }
  }

  #leave(id: string): void {
    const record = this.#ahead.get(id)
    if (record === undefined) return
    this.#ahead.delete(id)
    for (const lane of record.lanes) {
      const arriving = this.#arriving.get(lane)
      if (arriving?.delete(id) && arriving.size === 0) this.#arriving.delete(lane)
    }
  }

  #changed(before: MutationRecord | undefined, after: MutationRecord | undefined): MirrorChange {
    this.#count(before, -1)
    this.#count(after, 1)
    if (after !== undefined) this.#index(after, before)
    else if (before !== undefined) this.#remove(before)
    return { before, after }
  }

  #remove({ id, lanes }: MutationRecord): void {
    this.#unfinished.delete(id)
    this.#settled.delete(id)
    for (const lane of lanes) {
      const ids = this.#lanes.get(lane)
      if (ids?.delete(id) && ids.size === 0) this.#lanes.delete(lane)
    }
  }

  #index(record: MutationRecord, before: MutationRecord | undefined): void {
    const { id } = record
    if (isUnfinished(record)) this.#place(record, before)
    else this.#unfinished.delete(id)
    if (record.state === 'settled' && record.seq !== null) this.#settled.add(id)
    if (before !== undefined || record.parentId !== undefined) return
    for (const lane of record.lanes) {
      const ids = this.#lanes.get(lane)
      if (ids) ids.add(id)
      else this.#lanes.set(lane, new Set([id]))
    }
  }

  #count(record: MutationRecord | undefined, change: number): void {
    if (record === undefined) return
    if (!isBulk(record) && isUnfinished(record)) this.#unfinishedCount += change
    if (record.parentId === undefined) this.#clicks.set(record.state, (this.#clicks.get(record.state) ?? 0) + change)
  }

  #place({ id, seq }: MutationRecord, before: MutationRecord | undefined): void {
    if (seq !== null && (before?.seq !== seq || !this.#unfinished.has(id))) {
      // The usual case, a new highest seq, keeps the order without sorting.
      if (seq > this.#lastSeq) this.#unfinished.delete(id)
      else this.#isOrdered = false
      this.#lastSeq = Math.max(this.#lastSeq, seq)
    }
    this.#unfinished.add(id)
  }

  #order(): void {
    const place = (id: string) => this.get(id)?.seq ?? Number.MAX_SAFE_INTEGER
    const sorted = [...this.#unfinished].map((id) => [place(id), id] as const).sort(([left], [right]) => left - right)
    this.#unfinished = new Set(sorted.map(([, id]) => id))
    this.#isOrdered = true
  }
}
