import type { Clock } from '../ports/Clock.js'
import type { MutationStorage, OpenStorage } from '../ports/MutationStorage.js'

/** A transaction, or opening, that takes longer counts as hung. Two timers, so that waking from sleep is not taken for a hang. */
const HANG_MS = 1_000

/** It did not answer. What it was asked to do may still be done. */
export class StorageHung extends Error {
  override readonly name = 'StorageHung'

  constructor() {
    super('The browser storage did not answer for two seconds.')
  }
}

export interface DiskOptions {
  name: string
  openStorage: OpenStorage
  clock: Clock
  /** The browser took the store away. */
  onLost: () => void
}

/** One user's store: opened when needed, and opened anew after it failed. What it does when it throws is as if it rejected. */
export class Disk {
  readonly #options: DiskOptions
  #storage: MutationStorage | undefined
  #isClosed = false

  constructor(options: DiskOptions) {
    this.#options = options
  }

  /** `memory`: the storage that was given is no better. */
  get durability(): 'disk' | 'memory' {
    return this.#storage?.durability ?? 'disk'
  }

  /** Runs `work` on the store. Rejects with `StorageHung` when opening it, or `work`, does not end in time. */
  async use<Result>(work: (storage: MutationStorage) => Promise<Result>): Promise<Result> {
    const storage = this.#storage ?? (await this.#open())
    return this.#inTime(work(storage))
  }

  /** Gives the connection up; the next `use` opens another one. */
  drop(): void {
    const storage = this.#storage
    this.#storage = undefined
    closeSafely(storage)
  }

  close(): void {
    this.#isClosed = true
    this.drop()
  }

  async #open(): Promise<MutationStorage> {
    const { openStorage, name, onLost } = this.#options
    const opening = (async () => openStorage(name))()
    try {
      const storage = await this.#inTime(opening)
      if (this.#isClosed) throw new Error('The queue is closed.')
      storage.onLost?.(() => {
        if (this.#storage !== storage) return
        this.drop()
        onLost()
      })
      this.#storage = storage
      return storage
    } catch (error) {
      // It may still open later; nobody would use it then.
      opening.then(closeSafely, () => undefined)
      throw error
    }
  }

  #inTime<T>(work: Promise<T>): Promise<T> {
    const { clock } = this.#options
    return new Promise((resolve, reject) => {
      let cancel = clock.setTimer(() => {
        cancel = clock.setTimer(() => reject(new StorageHung()), HANG_MS)
      }, HANG_MS)
      work.then(resolve, reject).finally(() => cancel())
    })
  }
}

function closeSafely(storage: MutationStorage | undefined): void {
  try {
    storage?.close()
  } catch {
    // It is gone already.
  }
}
