import type { MutationRecord } from '../mutation/MutationRecord.js'
import type { Clock } from '../ports/Clock.js'
import type { MutationStorage } from '../ports/MutationStorage.js'
import { Draft, type QueueEntry } from './Draft.js'
import type { Operation } from './Operation.js'
import { type Committed, type Position, StoredQueue } from './StoredQueue.js'

/** Operations in one transaction; more wait for the next one. Keeps each transaction far below the hang limit. */
const MOST_PER_TRANSACTION = 250
/** A transaction that takes longer counts as hung. Two timers, so that waking from sleep is not taken for a hang. */
const HANG_MS = 1_000

interface Job {
  operation: Operation<unknown>
  resolve(result: unknown): void
  reject(error: unknown): void
}

export interface CommitterOptions {
  clock: Clock
  storage: MutationStorage
  /** The mutations this tab knows, whatever became of the storage. */
  remembered: () => Iterable<MutationRecord>
  /** Called after each commit with what was written, before any operation's promise resolves. */
  onCommitted: (committed: Committed) => void
  /** The storage failed: returns the one to try again with, the same or another. Rejects when there is none. */
  rescue: (error: unknown) => Promise<MutationStorage>
}

/**
 * Runs operations on storage, those that wait together in one transaction: a thousand clicks in one task
 * cost a few flushes instead of a thousand.
 */
export class Committer {
  readonly #options: CommitterOptions
  readonly #stored: StoredQueue
  #storage: MutationStorage
  #jobs: Job[] = []
  #running = false

  constructor(options: CommitterOptions) {
    this.#options = options
    this.#storage = options.storage
    this.#stored = new StoredQueue(options.clock, options.remembered)
  }

  get storage(): MutationStorage {
    return this.#storage
  }

  run<Result>(operation: Operation<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#jobs.push({ operation, resolve: resolve as (result: unknown) => void, reject })
      if (!this.#running) void this.#loop()
    })
  }

  /** Runs one operation by itself, while the others wait for a rescue. */
  async runAlone({ apply }: Operation<unknown>): Promise<void> {
    const transaction = this.#stored.transaction(this.#storage, { strict: false, isQuick: false, decide: (draft) => void apply(draft) })
    this.#options.onCommitted(await this.#withinLimit(transaction))
  }

  /**
   * Another tab told what it wrote. A transaction that runs meanwhile finds out by itself.
   * @returns false when there is more that this tab does not know
   */
  follow(writes: readonly Pick<QueueEntry, 'id' | 'value'>[], from: Position, to: Position): boolean {
    if (!this.#running) this.#stored.follow(writes, from, to)
    return !this.#stored.isBehind(to)
  }

  async #loop(): Promise<void> {
    this.#running = true
    // Whoever else submits in this task shares the transaction.
    await Promise.resolve()
    while (this.#jobs.length > 0) {
      await this.#commitOrRescue()
    }
    this.#running = false
  }

  async #commitOrRescue(): Promise<void> {
    const jobs: Job[] = []
    for (;;) {
      try {
        return await this.#commit(jobs)
      } catch (error) {
        try {
          this.#storage = await this.#options.rescue(error)
          this.#stored.forget()
        } catch (fatal) {
          // Those that were never begun as well: they would be tried for ever.
          this.#takeInto(jobs, true)
          for (const job of jobs) job.reject(fatal)
          return
        }
      }
    }
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
    const transaction = this.#stored.transaction(this.#storage, { strict, isQuick, decide })
    this.#options.onCommitted(await this.#withinLimit(transaction))
    for (const tell of settle) tell()
  }

  #withinLimit<T>(transaction: Promise<T>): Promise<T> {
    const { clock } = this.#options
    return new Promise((resolve, reject) => {
      const hung = () => reject(new Error('The browser storage did not answer for two seconds.'))
      let cancel = clock.setTimer(() => {
        cancel = clock.setTimer(hung, HANG_MS)
      }, HANG_MS)
      transaction.then(resolve, reject).finally(() => cancel())
    })
  }
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
