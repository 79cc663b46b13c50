import type { CombineParts } from '../mutation/bulkParent.js'
import { uuidv7 } from '../mutation/uuidv7.js'
import type { Clock } from '../ports/Clock.js'
import type { MutationStorage, StorageReader, StorageWrite } from '../ports/MutationStorage.js'
import type { Random } from '../ports/Random.js'
import { Away, hear } from './Away.js'
import { type CaughtUp, catchUp, readAll } from './catchUp.js'
import { Draft } from './Draft.js'
import { differences } from './differences.js'
import type { EntryChange, QueueEntry, ReadEntry } from './entry.js'
import { isWithin } from './isWithin.js'
import { META_KEY, nextRevision, type QueueMeta } from './meta.js'
import { writeBack } from './writeBack.js'

/** How far a tab knows what is stored: in which database, the last place that was taken, and how often stored entries were changed. */
export type Position = Pick<QueueMeta, 'birth' | 'seq' | 'revision'>

export interface Committed {
  /** All that is different now: by this transaction, and by what it found others to have written. */
  changes: readonly EntryChange[]
  /** What this transaction wrote. */
  writes: readonly QueueEntry[]
  /** Where `writes` led from and to. */
  from: Position
  to: Position
  /** It asked first: nothing that others had written by then is unknown. */
  hasAsked: boolean
  /** The queue's entry about itself was damaged and has been made anew. */
  isRebuilt: boolean
  /** The database is not the one this tab knew. */
  isAnew: boolean
  /** Mutations that it lacked, and that were written to it. */
  restored: number
}

export interface Step {
  strict: boolean
  /** Nothing but new clicks is expected, which need not ask first. */
  isQuick: boolean
  /** Writes on the draft. May be called again, on another one, when the first was not up to date. */
  decide: (draft: Draft) => void
}

export interface StoredQueueOptions {
  clock: Clock
  random: Random
  tabId: string
  read: ReadEntry
  /** No other tab was ever heard of. */
  isAlone: () => boolean
  combineOf: (action: string) => CombineParts | undefined
}

/** What a tab knows counts for so long without asking: longer than it goes between two looks at storage. */
const TRUSTED_MS = 20_000
/**
 * A click's place stays taken for so long after the click, so that no tab that trusts what it knows takes it for free.
 * Longer by far, as a click may wait a while for its transaction.
 */
export const PLACE_KEPT_MS = 60_000

/**
 * The queue as this tab knows it: the one copy in memory of what is stored. A click is stored at the next free place,
 * which storage gives only once. So new clicks are added on what this tab knows: being let in proves that no other
 * tab's click came first. All else asks first, in the same transaction: which places were taken since, and what was
 * changed, which a revision counts. While there is no storage the same copy goes on by itself.
 */
export class StoredQueue {
  readonly #options: StoredQueueOptions
  #known = new Draft()
  #knownAt = Number.NEGATIVE_INFINITY
  /** A transaction failed: what it left behind is found out by reading everything. */
  #isUnsure = false
  /** A transaction that hung and was given up must neither decide nor count any more. */
  #ticket = {}
  /** What the transaction under way has decided to write. */
  #planned: Draft | undefined
  #away: Away | undefined

  constructor(options: StoredQueueOptions) {
    this.#options = options
  }

  get known(): Draft {
    return this.#known
  }

  /** Set while storage is left: what it may hold of what this tab knows. */
  get away(): Away | undefined {
    return this.#away
  }

  /** True when there is something that this tab does not know. */
  isBehind({ birth, seq, revision }: Position): boolean {
    const { meta } = this.#known
    return meta.birth !== birth || meta.seq < seq || meta.revision < revision
  }

  /** Another tab told what it wrote. Of use only when nothing was missed in between. */
  follow(entries: readonly QueueEntry[], from: Position, to: Position): EntryChange[] {
    const { meta } = this.#known
    if (this.#away !== undefined) return hear(this.#known, entries, this.#away, this.#options)
    if (meta.birth !== from.birth || meta.seq !== from.seq || meta.revision !== from.revision) return []
    const draft = new Draft(this.#known)
    for (const entry of entries) draft.learn(entry)
    draft.meta = { ...draft.meta, ...to }
    return this.#known.absorb(draft)
  }

  /** Takes one step in one transaction on what is stored, and remembers the result once it is committed. */
  async transaction(storage: MutationStorage, step: Step): Promise<Committed> {
    const now = this.#options.clock.now()
    const isQuick = step.isQuick && !this.#isUnsure && isWithin(TRUSTED_MS, this.#knownAt, now)
    const quick = isQuick && (await this.#attempt(storage, step, now))
    const committed = quick || (await this.#attempt(storage, { ...step, isQuick: false }, now))
    if (committed === undefined) throw new Error('A free place is taken.')
    return committed
  }

  /** Takes one step on what this tab knows alone. */
  inMemory(decide: Step['decide']): Committed {
    const draft = new Draft(this.#known)
    decide(draft)
    const { meta } = this.#known
    const changes = this.#known.absorb(draft)
    return { changes, writes: draft.entries(), from: meta, to: meta, hasAsked: false, isRebuilt: false, isAnew: false, restored: 0 }
  }

  /** The last transaction failed. @param mayLand it hung: what it was to write may yet be written */
  giveUp(mayLand: boolean): void {
    if (mayLand && this.#planned !== undefined) this.#away?.doubt(this.#planned.entries())
    this.#ticket = {}
    this.#isUnsure = true
  }

  /** From now on this tab's memory is all there is. */
  leave(mayLand: boolean): void {
    this.#away ??= new Away(this.#known)
    this.giveUp(mayLand)
  }

  /** Storage works again: brings both together. @param onPlan called when nothing may be decided in memory any more */
  async comeBack(storage: MutationStorage, onPlan: () => void): Promise<Committed | undefined> {
    const now = this.#options.clock.now()
    return this.#run(storage, true, now, async (reader, check) => {
      const found = await readAll(this.#known, reader, this.#reading(now))
      check()
      onPlan()
      const draft = new Draft(found.draft)
      return { found, draft, restored: this.#writeBack(draft, now) }
    })
  }

  /** @returns undefined when another tab was quicker, and nothing was written */
  #attempt(storage: MutationStorage, { strict, isQuick, decide }: Step, now: number): Promise<Committed | undefined> {
    return this.#run(storage, strict, now, async (reader, check) => {
      const plan = (found: CaughtUp): Plan => {
        check()
        const draft = new Draft(found.draft)
        const restored = this.#isAnew(draft) ? this.#writeBack(draft, now) : 0
        decide(draft)
        return { found, draft, restored }
      }
      if (isQuick) {
        const quick = plan({ draft: this.#known, isWhole: false, lacksMeta: false })
        // A click that joins another one, or finds no room, is decided on what is stored now.
        const writes = toStorage(quick)
        if (writes.length > 0 && writes.every(({ isNew }) => isNew)) return quick
      }
      const look = this.#isUnsure ? readAll : catchUp
      return plan(await look(this.#known, reader, this.#reading(now)))
    })
  }

  async #run(
    storage: MutationStorage,
    strict: boolean,
    now: number,
    makePlan: (reader: StorageReader, check: () => void) => Promise<Plan>,
  ): Promise<Committed | undefined> {
    const ticket = this.#ticket
    const check = () => {
      if (this.#ticket !== ticket) throw new Error('Too late: it hung, and what it was asked to do has been given to others.')
    }
    let plan: Plan | undefined
    this.#planned = undefined
    const isDone = await storage.transaction({ strict }, async (reader) => {
      plan = await makePlan(reader, check)
      this.#planned = plan.draft
      return toStorage(plan)
    })
    check()
    return isDone && plan !== undefined ? this.#commit(plan, now) : undefined
  }

  #commit({ found, draft, restored }: Plan, now: number): Committed {
    const before = this.#known
    const isAnew = this.#isAnew(draft)
    const hasAsked = found.draft !== before
    const learned = found.isWhole ? differences(before, found.draft) : hasAsked ? before.absorb(found.draft) : []
    if (found.isWhole) this.#known = found.draft
    const from = this.#known.meta
    const isRebuilt = found.lacksMeta && found.draft.entries().length > 0
    const own = this.#known.absorb(draft)
    this.#knownAt = now
    this.#isUnsure = false
    this.#away = undefined
    return { changes: [...learned, ...own], writes: draft.entries(), from, to: draft.meta, hasAsked, isRebuilt, isAnew, restored }
  }

  #isAnew(draft: Draft): boolean {
    const { birth } = this.#known.meta
    return birth !== '' && birth !== draft.meta.birth
  }

  #writeBack(draft: Draft, now: number): number {
    const away = this.#away
    const { tabId, isAlone, combineOf } = this.#options
    const memory = this.#known.entries().flatMap(({ record }) => record ?? [])
    return writeBack(draft, memory, {
      now,
      tabId,
      isAnew: this.#isAnew(draft),
      isAlone: isAlone(),
      reached: (record) => away?.reached(record) ?? 'disk',
      isUntouched: (record) => away?.isUntouched(record) ?? false,
      combineOf,
    })
  }

  #reading(now: number) {
    const { read, clock, random } = this.#options
    return { read, now, makeBirth: () => uuidv7(clock, random) }
  }
}

interface Plan {
  found: CaughtUp
  draft: Draft
  restored: number
}

/** What the draft writes, and what that makes of the queue's entry about itself: new clicks leave it as it is. */
function toStorage({ draft, found: { draft: known, lacksMeta } }: Plan): StorageWrite[] {
  const writes = draft.entries().map(({ key, record }) => ({ key, value: record, isNew: typeof key === 'number' && key > known.meta.seq }))
  const changed = writes.filter(({ isNew }) => !isNew).map(({ key }) => key)
  if (changed.length === 0 && !lacksMeta) return writes
  draft.meta = nextRevision(draft.meta, changed)
  return [...writes, { key: META_KEY, value: draft.meta, isNew: false }]
}
