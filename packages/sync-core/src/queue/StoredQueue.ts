import type { MutationRecord } from '../mutation/MutationRecord.js'
import type { Clock } from '../ports/Clock.js'
import type { MutationStorage, StorageReader, StorageWrite } from '../ports/MutationStorage.js'
import { type CaughtUp, catchUp } from './catchUp.js'
import { Draft, type QueueEntry } from './Draft.js'
import { isWithin } from './isWithin.js'
import { META_KEY, nextRevision, type QueueMeta } from './meta.js'
import { writeBack } from './writeBack.js'

/** How far a tab knows what is stored: the last place that was taken, and how often stored entries were changed. */
export type Position = Pick<QueueMeta, 'seq' | 'revision'>

export interface Committed {
  /** What this transaction wrote. */
  writes: readonly QueueEntry[]
  /** What others wrote since the last one, as far as this tab had not been told. */
  learned: readonly QueueEntry[]
  /** Where `writes` led from and to. */
  from: Position
  to: Position
  /** The queue's entry about itself was damaged and has been made anew. */
  isRebuilt: boolean
  /** Mutations that were in a database lost since, and were written again. */
  restored: number
}

export interface Step {
  strict: boolean
  /** Nothing but new clicks is expected, which need not ask first. */
  isQuick: boolean
  /** Writes on the draft. May be called again, on another one, when the first was not up to date. */
  decide: (draft: Draft) => void
}

/** What a tab knows counts for so long without asking: longer than it goes between two looks at storage. */
const TRUSTED_MS = 20_000
/**
 * A click's place stays taken for so long after the click, so that no tab that trusts what it knows takes it for free.
 * Longer by far, as a click may wait a while for its transaction.
 */
export const PLACE_KEPT_MS = 60_000

/**
 * What is stored, as this tab knows it. A click is stored at the next free place, which storage gives only once. So new
 * clicks are added on what this tab knows: being let in proves that no other tab's click came first. All else asks
 * first, in the same transaction: which places were taken since, and what was changed, which a revision counts.
 */
export class StoredQueue {
  readonly #clock: Clock
  readonly #remembered: () => Iterable<MutationRecord>
  #known = new Draft()
  #knownAt = Number.NEGATIVE_INFINITY
  /** Of the database that this tab has met. */
  #bornAt: number | undefined

  /** @param remembered the mutations this tab knows, asked for when the database turns out to be another one */
  constructor(clock: Clock, remembered: () => Iterable<MutationRecord>) {
    this.#clock = clock
    this.#remembered = remembered
  }

  /** True when there is something that this tab does not know. */
  isBehind({ seq, revision }: Position): boolean {
    const { meta } = this.#known
    return meta.seq < seq || meta.revision < revision
  }

  /** The next transaction reads everything. */
  forget(): void {
    this.#known = new Draft()
    this.#knownAt = Number.NEGATIVE_INFINITY
  }

  /** Another tab told what it wrote. Of use only when nothing was missed in between. */
  follow(writes: readonly Pick<QueueEntry, 'id' | 'value'>[], from: Position, to: Position): void {
    const known = this.#known
    if (known.meta.seq !== from.seq || known.meta.revision !== from.revision) return
    for (const { id, value } of writes) known.write(id, value)
    known.meta = { ...known.meta, ...to }
  }

  /** Takes one step in one transaction on what is stored, and remembers the result once it is committed. */
  async transaction(storage: MutationStorage, step: Step): Promise<Committed> {
    const now = this.#clock.now()
    try {
      const isQuick = step.isQuick && isWithin(TRUSTED_MS, this.#knownAt, now)
      const quick = isQuick && (await this.#attempt(storage, step, now))
      const committed = quick || (await this.#attempt(storage, { ...step, isQuick: false }, now))
      if (committed === undefined) throw new Error('A free place is taken.')
      return committed
    } catch (error) {
      this.forget()
      throw error
    }
  }

  /** @returns undefined when another tab was quicker, and nothing was written */
  async #attempt(storage: MutationStorage, { strict, isQuick, decide }: Step, now: number): Promise<Committed | undefined> {
    const before = this.#known
    let known: CaughtUp = { draft: before, learned: [], lacksMeta: false }
    let draft = before
    let restored = 0
    const plan = () => {
      // It hung, and what it was asked to do has been given to others.
      if (this.#known !== before) throw new Error('Too late.')
      draft = new Draft(known.draft)
      const isOther = this.#bornAt !== undefined && this.#bornAt !== draft.meta.bornAt
      restored = isOther ? writeBack(draft, this.#remembered()) : 0
      decide(draft)
      return toStorage(draft, known)
    }
    const isDone = await storage.transaction({ strict }, async (reader: StorageReader) => {
      const writes = isQuick ? plan() : []
      // A click that joins another one, or finds no room, is decided on what is stored now.
      if (writes.length > 0 && writes.every(({ isNew }) => isNew)) return writes
      known = await catchUp(before, reader, now)
      return plan()
    })
    if (!isDone) return undefined
    const isRebuilt = known.lacksMeta && known.draft.writes().length > 0
    // What was written again is not gone.
    const learned = known.learned.filter(({ id, value }) => value !== undefined || draft.find(id)?.value === undefined)
    const committed = { writes: draft.writes(), learned, restored, from: known.draft.meta, to: draft.meta, isRebuilt }
    // It may hang later as well, and end long after everything was forgotten and begun anew.
    if (this.#known === before) {
      known.draft.absorb(draft)
      this.#known = known.draft
      this.#knownAt = now
      this.#bornAt = draft.meta.bornAt
    }
    return committed
  }
}

/** What the draft writes, and what that makes of the queue's entry about itself: new clicks leave it as it is. */
function toStorage(draft: Draft, { draft: known, lacksMeta }: CaughtUp): StorageWrite[] {
  const writes = draft.writes().map(({ key, value }) => ({ key, value, isNew: typeof key === 'number' && key > known.meta.seq }))
  const changed = writes.filter(({ isNew }) => !isNew).map(({ key }) => key)
  if (changed.length === 0 && !lacksMeta) return writes
  draft.meta = nextRevision(draft.meta, changed)
  return [...writes, { key: META_KEY, value: draft.meta, isNew: false }]
}
