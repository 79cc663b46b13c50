import type { MutationRecord } from '../mutation/MutationRecord.js'
import type { StorageWrite } from '../ports/MutationStorage.js'
import { type Lane, placeInLane } from './lanes.js'
import { META_KEY, type QueueMeta, toMeta } from './meta.js'

/** An operation read something that nobody has loaded yet. */
export class NotLoaded extends Error {
  readonly missing: { id: string } | { lane: string }

  constructor(missing: { id: string } | { lane: string }) {
    super('a queue operation read what has not been loaded yet')
    this.missing = missing
  }
}

/** What is known of storage. */
export interface Known {
  readonly entries: ReadonlyMap<string, unknown>
  readonly lanes: ReadonlyMap<string, Lane>
  /** What is not in `entries` or `lanes` does not exist. */
  readonly isComplete: boolean
}

/**
 * The queue inside one transaction: what is known of storage, and over it what will be written. Operations
 * work on it without waiting; one that fails leaves nothing behind.
 */
export class Draft {
  readonly #known: Known
  #written: Layer = emptyLayer()
  #attempt: Layer = emptyLayer()

  constructor(known: Known) {
    this.#known = known
  }

  isKnown(id: string): boolean {
    return this.#known.isComplete || this.#known.entries.has(id)
  }

  isLaneKnown(lane: string): boolean {
    return this.#known.isComplete || this.#known.lanes.has(lane)
  }

  get meta(): QueueMeta {
    return toMeta(this.#read(META_KEY))
  }

  set meta(meta: QueueMeta) {
    this.#attempt.entries.set(META_KEY, meta)
  }

  /**
   * The record as storage has it; undefined when there is none, or one of another version.
   * @throws {NotLoaded} when it is not known yet
   */
  get(id: string): MutationRecord | undefined {
    const value = this.#read(id) as MutationRecord | undefined
    return value?.v === 1 ? value : undefined
  }

  /** @throws {NotLoaded} when the lane is not known yet */
  lane(name: string): Lane {
    const lane = this.#attempt.lanes.get(name) ?? this.#written.lanes.get(name) ?? this.#known.lanes.get(name)
    if (lane === undefined && !this.#known.isComplete) throw new NotLoaded({ lane: name })
    return lane ?? []
  }

  put(record: MutationRecord): void {
    this.#move(record.id, record)
  }

  delete(id: string): void {
    this.#move(id, undefined)
  }

  /** Runs `act`; its writes count only when it does not throw. */
  attempt<Result>(act: () => Result): Result {
    this.#attempt = emptyLayer()
    const result = act()
    for (const [key, value] of this.#attempt.entries) this.#written.entries.set(key, value)
    for (const [name, lane] of this.#attempt.lanes) this.#written.lanes.set(name, lane)
    this.#attempt = emptyLayer()
    return result
  }

  writes(): StorageWrite[] {
    return [...this.#written.entries].map(([key, value]) => ({ key, value }))
  }

  /** The lanes that will look different. */
  lanes(): ReadonlyMap<string, Lane> {
    return this.#written.lanes
  }

  #read(key: string): unknown {
    for (const { entries } of [this.#attempt, this.#written]) if (entries.has(key)) return entries.get(key)
    if (!this.isKnown(key)) throw new NotLoaded({ id: key })
    return this.#known.entries.get(key)
  }

  #move(id: string, after: MutationRecord | undefined): void {
    const before = this.get(id)
    const record = after ?? before
    if (record === undefined) return
    for (const name of new Set([...(before?.inLanes ?? []), ...(after?.inLanes ?? [])])) {
      this.#attempt.lanes.set(name, placeInLane(this.lane(name), record, after?.inLanes.includes(name) ?? false))
    }
    this.#attempt.entries.set(id, after)
  }
}

interface Layer {
  entries: Map<string, unknown>
  lanes: Map<string, Lane>
}

function emptyLayer(): Layer {
  return { entries: new Map(), lanes: new Map() }
}
