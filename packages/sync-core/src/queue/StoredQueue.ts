import type { CombineParts } from '../mutation/bulkParent.js'
import { uuidv7 } from '../mutation/uuidv7.js'
import type { Clock } from '../ports/Clock.js'
import type { MutationStorage, StorageReader, StorageWrite } from '../ports/MutationStorage.js'
import type { Random } from '../ports/Random.js'
import { Away } from './Away.js'
import { type Disk, StorageHung } from './Disk.js'
import { Draft } from './Draft.js'
import { placeOf, type ReadEntry } from './entry.js'
import { isWithin } from './isWithin.js'
import { META_KEY, NEW_REVISION, nextRevision, type Position, UNSURE } from './meta.js'
import type { Written } from './queueMessages.js'
import { type EntryChange, Records } from './Records.js'
import { readStored } from './readStored.js'
import { writeBack } from './writeBack.js'

/** What a tab knows counts for so long without asking: longer than it goes between two looks at storage. */
const TRUSTED_MS = 20_000

export interface Committed {
  /** All that is different now: by this transaction, and by what it found others to have written. */
  changes: readonly EntryChange[]
  /** What was written to disk, and where that led from and to. */
  written: Written
  from: Position
  to: Position
  /** The queue's entry about itself was damaged and has been made anew. */
  isRebuilt: boolean
  /** The database is not the one this tab knew. */
  isAnew: boolean
  /** Mutations that it lacked, and that were written to it. */
  restored: number
}

/** What becomes of a draft; may be called again, on another one, when the first was not up to date. */
export type Deciding = (draft: Draft) => void

export interface StoredQueueOptions {
  disk: Disk
  read: ReadEntry
  clock: Clock
  random: Random
  tabId: string
  /** No other tab was ever heard of. */
  isAlone: () => boolean
  combineOf: (action: string) => CombineParts | undefined
}

/** What a transaction writes over what it found. */
interface Plan {
  found: Draft
  draft: Draft
  restored: number
  writes: readonly StorageWrite[]
}

/**
 * The queue on disk and what this tab knows of it. A click is stored at the next free place, which storage gives only
 * once: being let in proves that no other tab's click came first, so new clicks are added on what this tab knows. All else
 * asks first, in the same transaction: which places were taken since, and what was changed, which a revision counts.
 * While storage is left what is known goes on by itself.
 */
export class StoredQueue {
  readonly records = new Records()
  readonly #options: StoredQueueOptions
  #knownAt = Number.NEGATIVE_INFINITY
  #away: Away | undefined
  /** What the transaction under way, or the last one, was to write. */
  #plan: Plan | undefined
  #isBusy = false

  constructor(options: StoredQueueOptions) {
    this.#options = options
  }

  /** Set while storage is left: what it may hold of what this tab knows. */
  get away(): Away | undefined {
    return this.#away
  }

  /**
   * Another tab told what it wrote: of use when nothing was missed in between. A transaction that runs meanwhile finds out
   * by itself.
   * @returns what that changed; `isBehind`: there is more that this tab does not know
   */
  follow(written: Written, from: Position, to: Position): { changes: readonly EntryChange[]; isBehind: boolean } {
    const { records } = this
    if (this.#away !== undefined) return { changes: this.#away.hear(records, written, this.#options), isBehind: false }
    const { birth, seq, revision } = records.meta
    if (this.#isBusy || birth !== from.birth || seq !== from.seq || revision !== from.revision) {
      return { changes: [], isBehind: birth !== to.birth || seq < to.seq || revision < to.revision }
    }
    const draft = new Draft(records)
    for (const [id, entry] of written) draft.set(id, entry)
    draft.news += written.size
    draft.meta = { ...draft.meta, ...to }
    return { changes: records.absorb(draft), isBehind: false }
  }

  /**
   * Takes one step in one transaction, and remembers the result once it is committed.
   * @param step.isQuick nothing but new clicks is expected, which need not ask first
   */
  async transaction(step: { strict: boolean; isQuick: boolean }, decide: Deciding): Promise<Committed> {
    const now = this.#options.clock.now()
    const mayTrust = this.records.meta.revision !== UNSURE && isWithin(TRUSTED_MS, this.#knownAt, now)
    this.#isBusy = true
    try {
      const quick = step.isQuick && mayTrust ? await this.#attempt(step, decide, now) : undefined
      const committed = quick ?? (await this.#attempt({ ...step, isQuick: false }, decide, now))
      if (committed === undefined) throw new Error('A free place is taken.')
      return committed
    } finally {
      this.#isBusy = false
    }
  }

  /** Takes one step on what this tab knows alone. */
  inMemory(decide: Deciding): readonly EntryChange[] {
    const draft = new Draft(this.records)
    decide(draft)
    return this.records.absorb(draft)
  }

  /** The last transaction failed: what it left behind is found out by reading everything, on another connection. */
  giveUp(error: unknown): void {
    if (error instanceof StorageHung) this.#away?.doubt(this.#plan?.draft.changed.keys() ?? [])
    this.records.meta = { ...this.records.meta, revision: UNSURE }
    this.#options.disk.drop()
  }

  /** From now on this tab's memory is all there is, until a transaction gets through. */
  leave(error: unknown): void {
    this.#away = new Away(this.records)
    this.giveUp(error)
  }

  /** @returns undefined when another tab was quicker, and nothing was written */
  async #attempt(
    { strict, isQuick }: { strict: boolean; isQuick: boolean },
    decide: Deciding,
    now: number,
  ): Promise<Committed | undefined> {
    const { disk, read, clock, random } = this.#options
    let isOver = false
    const check = () => {
      // It hung, and what it was asked to do has been given to others.
      if (isOver) throw new Error('Too late.')
    }
    this.#plan = undefined
    const makePlan = async (reader: StorageReader): Promise<Plan> => {
      check()
      if (isQuick) {
        const quick = this.#planOn(new Draft(this.records), decide, now)
        // A click that joins another one, or finds no room, is decided on what is stored now.
        if (quick.writes.length > 0 && quick.writes.every(({ isNew }) => isNew)) return quick
      }
      const found = await readStored(this.records, reader, { read, now, makeBirth: () => uuidv7(clock, random) })
      check()
      return this.#planOn(found, decide, now)
    }
    try {
      const transaction = (storage: MutationStorage) =>
        storage.transaction({ strict }, async (reader) => {
          this.#plan = await makePlan(reader)
          return this.#plan.writes
        })
      return (await disk.use(transaction)) ? this.#remember(this.#plan!, now) : undefined
    } finally {
      isOver = true
    }
  }

  #planOn(found: Draft, decide: Deciding, now: number): Plan {
    const draft = new Draft(found)
    const isAnew = this.#isAnew(draft)
    const { tabId, isAlone, combineOf } = this.#options
    const away = this.#away
    const options = { now, tabId, isAnew, isAlone: isAlone(), away, combineOf }
    const restored = isAnew || away !== undefined ? writeBack(draft, this.records.stored(), options) : 0
    decide(draft)
    return { found, draft, restored, writes: toStorage(found, draft) }
  }

  #remember({ found, draft, restored }: Plan, now: number): Committed {
    const isAnew = this.#isAnew(draft)
    const isRebuilt = found.meta.revision === NEW_REVISION && found.stored().length > 0
    const changes = [...this.records.absorb(found), ...this.records.absorb(draft)]
    this.#knownAt = now
    this.#away = undefined
    return { changes, written: draft.changed, from: found.meta, to: draft.meta, isRebuilt, isAnew, restored }
  }

  #isAnew(draft: Draft): boolean {
    const { birth } = this.records.meta
    return birth !== '' && birth !== draft.meta.birth
  }
}

/** What the draft writes, and what that makes of the queue's entry about itself: new clicks leave it as it is. */
function toStorage(found: Draft, draft: Draft): StorageWrite[] {
  const writes: StorageWrite[] = []
  for (const [id, value] of draft.changed) {
    const entry = value ?? found.find(id)
    const key = entry === undefined ? null : placeOf(entry)
    if (key !== null) writes.push({ key, value, isNew: typeof key === 'number' && key > found.meta.seq })
  }
  const changed = writes.filter(({ isNew }) => !isNew).map(({ key }) => key)
  if (changed.length === 0 && found.meta.revision > NEW_REVISION) return writes
  draft.meta = nextRevision(draft.meta, changed)
  return [...writes, { key: META_KEY, value: draft.meta, isNew: false }]
}
