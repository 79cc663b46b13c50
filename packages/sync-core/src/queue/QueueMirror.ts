import type { MutationRecord, MutationState } from '../mutation/MutationRecord.js'
import { isUnfinished } from '../mutation/mutationState.js'

/** One record that came, changed or went (`after: undefined`). */
export interface MirrorChange {
  before: MutationRecord | undefined
  after: MutationRecord | undefined
}

/** This tab's copy of the queue: what components see and what the dispatcher looks at. A hint, never the truth. */
export class QueueMirror {
  readonly #records = new Map<string, MutationRecord>()
  readonly #lanes = new Map<string, Set<string>>()
  /** Settled and forgotten ones: a late message of another tab must not bring them back. */
  readonly #gone = new Set<string>()
  #unfinished = new Map<string, MutationRecord>()
  #settled = new Map<string, MutationRecord>()
  readonly #clicks = new Map<MutationState, number>()
  #isOrdered = true
  #lastSeq = 0

  get(id: string): MutationRecord | undefined {
    return this.#records.get(id)
  }

  all(): Iterable<MutationRecord> {
    return this.#records.values()
  }

  /** By seq; what is not stored yet comes last. */
  unfinished(): Iterable<MutationRecord> {
    if (!this.#isOrdered) this.#order()
    return this.#unfinished.values()
  }

  get unfinishedCount(): number {
    return this.#unfinished.size
  }

  /** How many clicks (a bulk click counts once) are in one of these states. */
  countClicks(...states: readonly MutationState[]): number {
    return states.reduce((sum, state) => sum + (this.#clicks.get(state) ?? 0), 0)
  }

  /** Oldest first. */
  settled(): Iterable<MutationRecord> {
    return this.#settled.values()
  }

  get settledCount(): number {
    return this.#settled.size
  }

  /** Mutations of a lane that a button may show (a bulk click counts once), in the order they came. */
  inLane(lane: string): Iterable<string> {
    return this.#lanes.get(lane) ?? []
  }

  /** The same as records, by seq; what is not stored yet comes last. */
  lane(name: string): MutationRecord[] {
    const place = ({ seq }: MutationRecord) => seq ?? Number.MAX_SAFE_INTEGER
    const records = [...this.inLane(name)].map((id) => this.#records.get(id)).filter((record) => record !== undefined)
    return records.sort((left, right) => place(left) - place(right))
  }

  /** Takes a record unless it is older than what is here. */
  put(record: MutationRecord): MirrorChange | undefined {
    const before = this.#records.get(record.id)
    if (this.#gone.has(record.id) || (before !== undefined && before.rev >= record.rev)) return undefined
    this.#records.set(record.id, record)
    this.#count(before, -1)
    this.#count(record, 1)
    this.#index(record, before)
    return { before, after: record }
  }

  remove(id: string): MirrorChange | undefined {
    const before = this.#records.get(id)
    this.#gone.add(id)
    if (before === undefined) return undefined
    this.#records.delete(id)
    this.#count(before, -1)
    this.#unfinished.delete(id)
    this.#settled.delete(id)
    for (const lane of before.lanes) this.#leaveLane(lane, id)
    return { before, after: undefined }
  }

  #index(record: MutationRecord, before: MutationRecord | undefined): void {
    const { id } = record
    if (isUnfinished(record)) this.#place(record, before)
    else this.#unfinished.delete(id)
    if (record.state === 'settled') this.#settled.set(id, record)
    if (before !== undefined || record.parentId !== undefined) return
    for (const lane of record.lanes) {
      const ids = this.#lanes.get(lane)
      if (ids) ids.add(id)
      else this.#lanes.set(lane, new Set([id]))
    }
  }

  #count(record: MutationRecord | undefined, change: number): void {
    if (record === undefined || record.parentId !== undefined) return
    this.#clicks.set(record.state, (this.#clicks.get(record.state) ?? 0) + change)
  }

  #place(record: MutationRecord, before: MutationRecord | undefined): void {
    const { id, seq } = record
    if (seq !== null && (before?.seq !== seq || !this.#unfinished.has(id))) {
      // The usual case, a new highest seq, keeps the order without sorting.
      if (seq > this.#lastSeq) this.#unfinished.delete(id)
      else this.#isOrdered = false
      this.#lastSeq = Math.max(this.#lastSeq, seq)
    }
    this.#unfinished.set(id, record)
  }

  #leaveLane(lane: string, id: string): void {
    const ids = this.#lanes.get(lane)
    if (ids?.delete(id) && ids.size === 0) this.#lanes.delete(lane)
  }

  #order(): void {
    const place = (record: MutationRecord) => record.seq ?? Number.MAX_SAFE_INTEGER
    const sorted = [...this.#unfinished.values()].sort((left, right) => place(left) - place(right))
    this.#unfinished = new Map(sorted.map((record) => [record.id, record]))
    this.#isOrdered = true
  }
}
