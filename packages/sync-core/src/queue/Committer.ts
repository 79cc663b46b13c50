import type { Clock } from '../ports/Clock.js'
import type { MutationStorage } from '../ports/MutationStorage.js'
import { type Committed, EntryCache, type EntrySession } from './EntryCache.js'
import type { Operation, Reads } from './Operation.js'

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
  readonly #cache = new EntryCache()
  #storage: MutationStorage
  #jobs: Job[] = []
  #running = false

  constructor(options: CommitterOptions) {
    this.#options = options
    this.#storage = options.storage
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

  /** All entries in one consistent read. */
  async entries(): Promise<readonly (readonly [key: string, value: unknown])[]> {
    const entries = await this.#storage.entries()
    if (!this.#running) this.#cache.fill(entries)
    return entries
  }

  /** Another tab told what it wrote. */
  follow(committed: Committed): void {
    if (!this.#running) this.#cache.follow(committed)
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
          this.#cache.forget()
        } catch (fatal) {
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
    const strict = [...jobs, ...this.#jobs].some(({ operation }) => operation.strict === true)
    let results: unknown[] = []
    const transaction = this.#cache.transaction(this.#storage, { strict }, async (session) => {
      results = []
      this.#takeInto(jobs, strict)
      await session.load(together(jobs.map(({ operation }) => operation.reads)))
      for (const { operation } of jobs) results.push(await applySafely(operation, session))
    })
    this.#options.onCommitted(await this.#withinLimit(transaction))
    for (const [index, job] of jobs.entries()) {
      const result = results[index]
      if (result instanceof Failed) job.reject(result.error)
      else job.resolve(result)
    }
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

class Failed {
  readonly error: unknown
  constructor(error: unknown) {
    this.error = error
  }
}

function together(reads: readonly Reads[]): Reads {
  return { ids: reads.flatMap(({ ids = [] }) => ids), lanes: reads.flatMap(({ lanes = [] }) => lanes) }
}

// A bug in one operation must neither stop the others nor be taken for a storage failure.
async function applySafely(operation: Operation<unknown>, session: EntrySession): Promise<unknown> {
  try {
    return await session.attempt((draft) => operation.apply(draft))
  } catch (error) {
    return new Failed(error)
  }
}
