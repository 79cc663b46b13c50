import type { Entry, MutationStorage, OpenStorage, StorageKey } from '../ports/MutationStorage.js'
import { copyOf } from './copyOf.js'

/** Entries in memory, copied at the border as a database does. Transactions run one after another. */
export class MemoryStorage implements MutationStorage {
  readonly durability: MutationStorage['durability']
  readonly #entries: Map<StorageKey, unknown>
  #last: Promise<unknown> = Promise.resolve()

  constructor(entries: Map<StorageKey, unknown> = new Map(), durability: MutationStorage['durability'] = 'memory') {
    this.#entries = entries
    this.durability = durability
  }

  transaction(_options: { strict: boolean }, plan: Parameters<MutationStorage['transaction']>[1]): Promise<boolean> {
    const run = async () => {
      const writes = await plan({
        getMany: async (keys) => keys.map((key) => copyOf(this.#entries.get(key))),
        keysAfter: async (place) =>
          [...this.#entries.keys()]
            .filter((key) => typeof key === 'number' && key > place)
            .sort((left, right) => +left - +right) as number[],
        entries: async () => this.#copies(),
      })
      if (writes.some(({ key, isNew }) => isNew && this.#entries.has(key))) return false
      // Copy all before writing any: a value that cannot be stored must leave nothing behind.
      const copies = writes.map(({ key, value }) => ({ key, value: copyOf(value) }))
      for (const { key, value } of copies) {
        if (value === undefined) this.#entries.delete(key)
        else this.#entries.set(key, value)
      }
      return true
    }
    const done = this.#last.then(run)
    this.#last = done.catch(() => undefined)
    return done
  }

  async entries(): Promise<readonly Entry[]> {
    await this.#last
    return this.#copies()
  }

  close(): void {}

  #copies(): Entry[] {
    return [...this.#entries].map(([key, value]) => [key, copyOf(value)])
  }
}

/** Stores in memory, by name: for a server, a test of one tab, or a page that must leave nothing behind. */
export function openMemoryStorage(): OpenStorage {
  const stores = new Map<string, MemoryStorage>()
  return async (name) => {
    const store = stores.get(name) ?? new MemoryStorage()
    stores.set(name, store)
    return store
  }
}
