import type { Clock } from '../ports/Clock.js'
import type { MutationStorage, StorageWrite } from '../ports/MutationStorage.js'
import { Draft } from './Draft.js'
import type { Operation } from './Operation.js'

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
  onCommitted: (writes: readonly StorageWrite[]) => void
  /** The storage failed: returns the one to try again with, the same or another. Rejects when there is none. */
  rescue: (error: unknown) => Promise<MutationStorage>
}

/**
 * Runs operations on storage, those that wait together in one transaction: a thousand clicks in one task
 * cost a few flushes instead of a thousand.
 */
export class Committer {
  readonly #options: CommitterOptions
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

  async #loop(): Promise<void> {
    this.#running = true
    // Whoever else submits in this task shares the transaction.
    await Promise.resolve()
    while (this.#jobs.length > 0) {
      const jobs = this.#jobs.splice(0, MOST_PER_TRANSACTION)
      await this.#commitOrRescue(jobs)
    }
    this.#running = false
  }

  async #commitOrRescue(jobs: readonly Job[]): Promise<void> {
    for (;;) {
      try {
        return await this.#commit(jobs)
      } catch (error) {
        try {
          this.#storage = await this.#options.rescue(error)
        } catch (fatal) {
          for (const job of jobs) job.reject(fatal)
          return
        }
      }
    }
  }

  async #commit(jobs: readonly Job[]): Promise<void> {
    let writes: readonly StorageWrite[] = []
    let results: unknown[] = []
    const strict = jobs.some(({ operation }) => operation.strict === true)
    const transaction = this.#storage.transaction({ strict }, async (reader) => {
      const draft = new Draft()
      await draft.load(
        reader,
        jobs.flatMap(({ operation }) => operation.reads),
      )
      await draft.load(
        reader,
        jobs.flatMap(({ operation }) => operation.readsNext?.(draft) ?? []),
      )
      results = jobs.map(({ operation }) => applySafely(operation, draft))
      writes = draft.writes()
      return writes
    })
    await this.#withinLimit(transaction)
    this.#options.onCommitted(writes)
    for (const [index, job] of jobs.entries()) {
      const result = results[index]
      if (result instanceof Failed) job.reject(result.error)
      else job.resolve(result)
    }
  }

  #withinLimit(transaction: Promise<void>): Promise<void> {
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

// A bug in one operation must neither stop the others nor be taken for a storage failure.
function applySafely(operation: Operation<unknown>, draft: Draft): unknown {
  try {
    return operation.apply(draft)
  } catch (error) {
    return new Failed(error)
  }
}
