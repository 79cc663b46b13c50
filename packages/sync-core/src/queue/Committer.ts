import type { Clock } from '../ports/Clock.js'
import { describeError, type Report } from '../telemetry/report.js'
import { StorageHung } from './Disk.js'
import { Draft } from './Draft.js'
import { recordOf } from './entry.js'
import { forget, isPlaceKept } from './forget.js'
import type { Operation } from './Operation.js'
import type { EntryChange } from './Records.js'
import type { Committed, StoredQueue } from './StoredQueue.js'

/** Operations in one transaction; more wait for the next one. Keeps each transaction far below the hang limit. */
const MOST_PER_TRANSACTION = 250
/**
 * When a failed transaction is tried again, each time on another connection. After a forced close the first one fails as
 * well, and a few milliseconds later all is well: that soon, since the page that was cleared may be reloaded at once.
 */
const AGAIN_AFTER_MS = [0, 5, 50]
/** From the first to the longest pause between two tries to come back to disk. */
const BACK_AFTER_MS = 1_000
const BACK_AT_MOST_MS = 60_000

export interface CommitterOptions {
  clock: Clock
  report: Report
  stored: StoredQueue
  /** Called after each commit, before any operation's promise resolves. @param committed undefined: in memory alone */
  onChange: (changes: readonly EntryChange[], committed?: Committed) => void
  /** Storage was left, or it was found again. */
  onMoved: () => void
}

interface Job {
  operation: Operation<unknown>
  resolve(result: unknown): void
  reject(error: unknown): void
}

/**
 * Runs operations on the queue, those that wait together in one transaction: a thousand clicks in one task cost a few
 * flushes instead of a thousand. When storage fails it goes on in memory and keeps trying to come back.
 */
export class Committer {
  readonly #options: CommitterOptions
  readonly #jobs: Job[] = []
  #isRunning = false
  #hasBeenOpen = false
  /** Settles when what was in memory is on disk, or is known not to be: until then nothing may be decided. */
  #moving: Promise<void> | undefined
  #backAfterMs = BACK_AFTER_MS
  #cancelTimer = () => {}
  #isClosed = false

  constructor(options: CommitterOptions) {
    this.#options = options
  }

  run<Result>(operation: Operation<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#jobs.push({ operation, resolve: resolve as (result: unknown) => void, reject })
      if (!this.#isRunning) void this.#loop()
    })
  }

  close(): void {
    this.#isClosed = true
    this.#cancelTimer()
  }

  async #loop(): Promise<void> {
    const { stored } = this.#options
    this.#isRunning = true
    // Whoever else submits in this task shares the transaction.
    await Promise.resolve()
    while (this.#jobs.length > 0) {
      if (this.#moving !== undefined) await this.#moving
      else if (stored.away === undefined) await this.#onDisk()
      else this.#inMemory()
    }
    this.#isRunning = false
  }

  /** Until it is stored, or storage is left. */
  async #onDisk(): Promise<void> {
    for (let failures = 0; ; failures++) {
      try {
        return await this.#commit()
      } catch (error) {
        const isAgain = isFull(error) ? await this.#makeRoom(failures) : await this.#openAgain(error, failures)
        if (!isAgain || this.#isClosed) return this.#leave(error)
      }
    }
  }

  async #commit(): Promise<void> {
    const strict = this.#jobs.some(({ operation }) => operation.strict)
    const isQuick = this.#jobs.every(({ operation }) => operation.strict)
    let settle = () => {}
    const decide = (draft: Draft) => {
      settle = this.#decide(draft, strict)
    }
    this.#committed(await this.#options.stored.transaction({ strict, isQuick }, decide))
    settle()
  }

  #committed(committed: Committed): void {
    this.#hasBeenOpen = true
    this.#options.onChange(committed.changes, committed)
  }

  #inMemory(): void {
    let settle = () => {}
    const changes = this.#options.stored.inMemory((draft) => {
      settle = this.#decide(draft, true)
    })
    this.#options.onChange(changes)
    settle()
  }

  /** Jobs that come while the transaction begins still travel with it. @returns settles them, once that is committed */
  #decide(draft: Draft, strict: boolean): () => void {
    const firstStrict = strict ? -1 : this.#jobs.findIndex(({ operation }) => operation.strict)
    const jobs = this.#jobs.slice(0, firstStrict < 0 ? MOST_PER_TRANSACTION : Math.min(firstStrict, MOST_PER_TRANSACTION))
    const told = jobs.map((job) => applySafely(job, draft))
    return () => {
      this.#jobs.splice(0, jobs.length)
      for (const tell of told) tell()
    }
  }

  /** @returns whether it is worth another try, on another connection */
  async #openAgain(error: unknown, failures: number): Promise<boolean> {
    const pauseMs = AGAIN_AFTER_MS[failures]
    // A page that starts does not wait: it goes on in memory, and what is stored comes when it can be read.
    if (error instanceof StorageHung || pauseMs === undefined || (failures > 0 && !this.#hasBeenOpen)) return false
    const { stored, clock } = this.#options
    stored.giveUp(error)
    if (pauseMs > 0) await new Promise<void>((resolve) => clock.setTimer(resolve, pauseMs))
    return true
  }

  /** The quota is used up: what has ended makes room, once. @returns whether it is worth another try */
  async #makeRoom(failures: number): Promise<boolean> {
    if (failures > 0) return false
    const { stored, clock } = this.#options
    const now = clock.now()
    const ended = stored.records.stored().flatMap((entry) => recordOf(entry) ?? [])
    const freeing = forget(ended.filter((record) => !isPlaceKept(record, now)))
    const freed = await stored.transaction({ strict: false, isQuick: false }, freeing.apply).catch(() => undefined)
    // Where nothing could be freed, the next failure goes to memory.
    if (freed !== undefined) this.#committed(freed)
    return true
  }

  #leave(error: unknown): void {
    const { stored, report, onMoved } = this.#options
    stored.leave(error)
    if (this.#isClosed) return
    report(isFull(error) ? 'STORAGE_FULL' : 'STORAGE_REFUSED', { what: 'left', error: describeError(error) })
    this.#backAfterMs = BACK_AFTER_MS
    this.#tryBackLater()
    onMoved()
  }

  #tryBackLater(): void {
    this.#cancelTimer = this.#options.clock.setTimer(() => void this.#comeBack(), this.#backAfterMs)
    this.#backAfterMs = Math.min(BACK_AT_MOST_MS, this.#backAfterMs * 2)
  }

  async #comeBack(): Promise<void> {
    const { stored, onMoved, report } = this.#options
    let moved = () => {}
    const decide = () => {
      this.#moving = new Promise((resolve) => {
        moved = resolve
      })
    }
    try {
      const committed = await stored.transaction({ strict: true, isQuick: false }, decide)
      report('STORAGE_BACK', { written: committed.written.size })
      this.#committed(committed)
      onMoved()
    } catch (error) {
      stored.giveUp(error)
      if (!this.#isClosed) this.#tryBackLater()
    } finally {
      this.#moving = undefined
      moved()
    }
  }
}

function isFull(error: unknown): boolean {
  return (error as { name?: unknown } | null)?.name === 'QuotaExceededError'
}

// A bug in one operation must neither stop the others nor be taken for a storage failure.
function applySafely({ operation, resolve, reject }: Job, draft: Draft): () => void {
  const own = new Draft(draft)
  try {
    const result = operation.apply(own)
    draft.absorb(own)
    return () => resolve(result)
  } catch (error) {
    return () => reject(error)
  }
}
