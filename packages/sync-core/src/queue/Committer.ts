import type { Clock } from '../ports/Clock.js'
import { describeError, type Report } from '../telemetry/report.js'
import { type Disk, StorageHung } from './Disk.js'
import { Draft } from './Draft.js'
import type { EntryChange, QueueEntry } from './entry.js'
import type { Operation } from './Operation.js'
import type { Committed, Position, StoredQueue } from './StoredQueue.js'
import { forget, isPlaceKept } from './tidy.js'

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

interface Job {
  operation: Operation<unknown>
  resolve(result: unknown): void
  reject(error: unknown): void
}

export interface CommitterOptions {
  clock: Clock
  report: Report
  disk: Disk
  stored: StoredQueue
  /** Called after each commit, before any operation's promise resolves. */
  onCommitted: (committed: Committed) => void
  /** Storage was left, or it was found again. */
  onMoved: () => void
}

/**
 * Runs operations on the queue, those that wait together in one transaction: a thousand clicks in one task
 * cost a few flushes instead of a thousand. When storage fails it goes on in memory and keeps trying to come back.
 */
export class Committer {
  readonly #options: CommitterOptions
  #jobs: Job[] = []
  #running = false
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
      if (!this.#running) void this.#loop()
    })
  }

  /**
   * Another tab told what it wrote. A transaction that runs meanwhile finds out by itself.
   * @returns what that changed; `isBehind`: there is more that this tab does not know
   */
  follow(entries: readonly QueueEntry[], from: Position, to: Position): { changes: readonly EntryChange[]; isBehind: boolean } {
    const { stored } = this.#options
    const isBusy = this.#running && stored.away === undefined
    const changes = isBusy ? [] : stored.follow(entries, from, to)
    return { changes, isBehind: stored.away === undefined && stored.isBehind(to) }
  }

  close(): void {
    this.#isClosed = true
    this.#cancelTimer()
    this.#options.disk.close()
  }

  async #loop(): Promise<void> {
    this.#running = true
    // Whoever else submits in this task shares the transaction.
    await Promise.resolve()
    let jobs: Job[] = []
    while (jobs.length + this.#jobs.length > 0) {
      if (this.#moving !== undefined) await this.#moving
      else if (this.#options.stored.away === undefined) {
        if (await this.#onDisk(jobs)) jobs = []
      } else {
        this.#inMemory(jobs)
        jobs = []
      }
    }
    this.#running = false
  }

  /** @returns false when storage was left */
  async #onDisk(jobs: Job[]): Promise<boolean> {
    const { stored, disk } = this.#options
    for (let failures = 0; stored.away === undefined; failures++) {
      try {
        await this.#commit(jobs)
        this.#hasBeenOpen = true
        return true
      } catch (error) {
        const pauseMs = isFull(error) ? await this.#makeRoom(failures) : this.#pauseAfter(error, failures)
        if (pauseMs === undefined || this.#isClosed) this.#leave(error)
        else {
          stored.giveUp(false)
          if (!isFull(error)) disk.drop()
          await this.#pause(pauseMs)
        }
      }
    }
    return false
  }

  /** How long until it is tried once more; undefined: it is not. */
  #pauseAfter(error: unknown, failures: number): number | undefined {
    if (error instanceof StorageHung) return undefined
    // A page that starts does not wait: it goes on in memory, and what is stored comes when it can be read.
    return this.#hasBeenOpen || failures === 0 ? AGAIN_AFTER_MS[failures] : undefined
  }

  #pause(ms: number): Promise<void> {
    return ms === 0 ? Promise.resolve() : new Promise((resolve) => this.#options.clock.setTimer(resolve, ms))
  }

  #inMemory(jobs: Job[]): void {
    let settle: (() => void)[] = []
    const committed = this.#options.stored.inMemory((draft) => {
      this.#takeInto(jobs, true)
      settle = jobs.map((job) => applySafely(job, draft))
    })
    this.#options.onCommitted(committed)
    for (const tell of settle) tell()
  }

  // Jobs that come while the transaction begins still travel with it.
  #takeInto(jobs: Job[], strict: boolean): void {
    const room = this.#jobs.slice(0, MOST_PER_TRANSACTION - jobs.length)
    const stop = strict ? -1 : room.findIndex(({ operation }) => operation.strict)
    jobs.push(...this.#jobs.splice(0, stop < 0 ? room.length : stop))
  }

  async #commit(jobs: Job[]): Promise<void> {
    const waiting = [...jobs, ...this.#jobs]
    const strict = waiting.some(({ operation }) => operation.strict)
    const isQuick = waiting.every(({ operation }) => operation.strict)
    let settle: (() => void)[] = []
    const decide = (draft: Draft) => {
      this.#takeInto(jobs, strict)
      settle = jobs.map((job) => applySafely(job, draft))
    }
    const { disk, stored, onCommitted } = this.#options
    onCommitted(await disk.use((storage) => stored.transaction(storage, { strict, isQuick, decide })))
    for (const tell of settle) tell()
  }

  /** The quota is used up: what has ended makes room, once. @returns a pause before the next try, unless there is none */
  async #makeRoom(failures: number): Promise<number | undefined> {
    if (failures > 0) return undefined
    const { disk, stored, clock, onCommitted } = this.#options
    stored.giveUp(false)
    const decide = (draft: Draft) => {
      const ended = stored.known.entries().flatMap(({ record }) => (record?.state === 'settled' ? record : []))
      void forget(ended.filter((record) => !isPlaceKept(record, clock.now()))).apply(draft)
    }
    try {
      onCommitted(await disk.use((storage) => stored.transaction(storage, { strict: false, isQuick: false, decide })))
    } catch {
      // Nothing could be freed; the next failure goes to memory.
    }
    return 0
  }

  #leave(error: unknown): void {
    const { disk, stored, report, onMoved } = this.#options
    stored.leave(error instanceof StorageHung)
    disk.drop()
    if (this.#isClosed) return
    const message = `The browser storage failed, so clicks are kept in this tab's memory until it works again. ${describeError(error)}`
    report(isFull(error) ? 'STORAGE_FULL' : 'STORAGE_REFUSED', message)
    this.#backAfterMs = BACK_AFTER_MS
    this.#tryBackLater()
    onMoved()
  }

  #tryBackLater(): void {
    this.#cancelTimer = this.#options.clock.setTimer(() => void this.#comeBack(), this.#backAfterMs)
    this.#backAfterMs = Math.min(BACK_AT_MOST_MS, this.#backAfterMs * 2)
  }

  async #comeBack(): Promise<void> {
    const { disk, stored, onCommitted, onMoved, report } = this.#options
    let moved = () => {}
    const onPlan = () => {
      this.#moving = new Promise((resolve) => {
        moved = resolve
      })
    }
    try {
      const committed = await disk.use((storage) => stored.comeBack(storage, onPlan))
      if (committed === undefined) throw new Error('A free place is taken.')
      this.#hasBeenOpen = true
      const { length } = committed.writes
      report('STORAGE_BACK', 'The browser storage works again, and what was kept in memory is stored.', { written: length })
      onCommitted(committed)
      onMoved()
    } catch (error) {
      stored.giveUp(error instanceof StorageHung)
      disk.drop()
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
