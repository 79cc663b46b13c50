import type { StorageReader, StorageWrite } from '../ports/MutationStorage.js'

/** Entries read inside one transaction, and what will be written. Operations work on it without waiting. */
export class Draft {
  readonly #entries = new Map<string, unknown>()
  readonly #written = new Set<string>()

  /** Reads what is not known yet. */
  async load(reader: StorageReader, keys: Iterable<string>): Promise<void> {
    const missing = [...new Set(keys)].filter((key) => !this.#entries.has(key))
    if (missing.length === 0) return
    const values = await reader.getMany(missing)
    for (const [index, key] of missing.entries()) this.#entries.set(key, values[index])
  }

  /** Takes `keys` as read and absent. */
  preset(keys: Iterable<string>): void {
    for (const key of keys) this.#entries.set(key, undefined)
  }

  /** @throws {RangeError} when `key` was not loaded: the operation forgot to name it */
  get(key: string): unknown {
    if (!this.#entries.has(key)) throw new RangeError(`a queue operation read "${key}" without naming it first`)
    return this.#entries.get(key)
  }

  put(key: string, value: unknown): void {
    this.#entries.set(key, value)
    this.#written.add(key)
  }

  writes(): StorageWrite[] {
    return [...this.#written].map((key) => ({ key, value: this.#entries.get(key) }))
  }
}
