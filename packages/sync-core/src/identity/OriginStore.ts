import type { MutationStorage, StorageKey } from '../ports/MutationStorage.js'

/**
 * The few things that belong to the origin and to none of its users. Best effort: what cannot be kept costs a
 * convenience, never a click.
 */
export class OriginStore {
  readonly #storage: Promise<MutationStorage>
  #last: Promise<unknown> = Promise.resolve()
  #isClosed = false

  /** @param storage opening; it must not reject */
  constructor(storage: Promise<MutationStorage>) {
    this.#storage = storage
  }

  /** Undefined: nothing is kept, or it cannot be read. */
  async read(key: StorageKey): Promise<unknown> {
    try {
      const entries = await (await this.#storage).entries()
      return entries.find(([found]) => found === key)?.[1]
    } catch {
      return undefined
    }
  }

  /** One read-decide-write, after those asked for before; `undefined` deletes. Resolves when it is done or has failed. */
  update(key: StorageKey, decide: (value: unknown) => unknown): Promise<void> {
    if (this.#isClosed) return Promise.resolve()
    const run = async () => {
      const storage = await this.#storage
      await storage.transaction({ strict: false }, async (reader) => {
        const [value] = await reader.getMany([key])
        return [{ key, value: decide(value) }]
      })
    }
    const done = this.#last.then(run).catch(() => undefined)
    this.#last = done
    return done
  }

  close(): void {
    this.#isClosed = true
    void this.#last.then(() => this.#storage).then((storage) => storage.close())
  }
}
