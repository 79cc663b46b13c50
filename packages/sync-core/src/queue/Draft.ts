import type { MutationRecord, SingleRecord } from '../mutation/MutationRecord.js'
import { hasEnded, isBulk } from '../mutation/mutationState.js'
import type { StorageKey } from '../ports/MutationStorage.js'
import { type Entry, placeOf, recordOf, Unreadable } from './entry.js'
import type { QueueMeta } from './meta.js'
import { bySeq, count, type Lane, type Records, type Taken } from './Records.js'

/**
 * Changes laid over what is stored, or over another draft; what is below stays as it is until it absorbs them.
 * Operations work on it without waiting; one that fails leaves nothing behind.
 */
export class Draft {
  meta: QueueMeta
  news: number
  readonly taken: Taken
  /** What is gone is undefined. */
  readonly changed = new Map<string, Entry | undefined>()
  readonly #below: Draft | Records

  constructor(below: Draft | Records) {
    this.#below = below
    this.meta = below.meta
    this.news = below.news
    this.taken = { ...below.taken }
  }

  find(id: string): Entry | undefined {
    return this.changed.has(id) ? this.changed.get(id) : this.#below.find(id)
  }

  /** The mutation, unless there is none or it cannot be read. */
  get(id: string): MutationRecord | undefined {
    return recordOf(this.find(id))
  }

  /** The same, unless it is a bulk mutation. */
  single(id: string): SingleRecord | undefined {
    const record = this.get(id)
    return record === undefined || isBulk(record) ? undefined : record
  }

  /** All there is. */
  stored(): Entry[] {
    const others = this.#below.stored().filter(({ id }) => !this.changed.has(id))
    return [...others, ...this.changed.values()].filter((entry) => entry !== undefined)
  }

  lane(name: string): Lane {
    const lane = this.#below.lane(name)
    if (this.changed.size === 0) return lane
    const others = lane.filter(({ id }) => !this.changed.has(id))
    const changed = [...this.changed.values()].map(recordOf).filter((record) => record?.lanes.includes(name))
    return changed.length === 0 ? others : [...others, ...(changed as MutationRecord[])].sort(bySeq)
  }

  /** By seq. */
  unfinished(): Iterable<MutationRecord> {
    const isOpen = (entry: Entry | undefined) => Boolean(entry && !(entry instanceof Unreadable) && !hasEnded(entry))
    const added = [...this.changed].filter(([id, entry]) => isOpen(entry) && !isOpen(this.#below.find(id)))
    const known = this.#open()
    return added.length === 0 ? known : [...known, ...added.map(([, entry]) => entry as MutationRecord)].sort(bySeq)
  }

  write(record: MutationRecord): void {
    this.set(record.id, record)
  }

  remove(id: string): void {
    this.set(id, undefined)
  }

  set(id: string, after: Entry | undefined): void {
    count(this.taken, this.get(id), -1)
    count(this.taken, recordOf(after), 1)
    if (after !== undefined) this.takePlace(placeOf(after))
    this.changed.set(id, after)
  }

  /** No place is given twice. */
  takePlace(place: StorageKey | null): void {
    if (typeof place === 'number' && place > this.meta.seq) this.meta = { ...this.meta, seq: place }
  }

  /** Takes over what was drafted over this one. */
  absorb(draft: Draft): void {
    for (const [id, after] of draft.changed) this.changed.set(id, after)
    Object.assign(this.taken, draft.taken)
    this.meta = draft.meta
    this.news = draft.news
  }

  *#open(): Iterable<MutationRecord> {
    for (const record of this.#below.unfinished()) {
      // On its way there; stored by this draft, it is among what was added.
      if (record.seq === null) continue
      const now = this.changed.has(record.id) ? this.get(record.id) : record
      if (now !== undefined && !hasEnded(now)) yield now
    }
  }
}
