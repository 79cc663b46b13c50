import { MemoryStorage } from '../adapters/memoryStorage.js'
import type { MutationStorage, StorageKey } from '../ports/MutationStorage.js'

/**
 * What a transaction may meet. `error`: it is refused before it begins. `abort`: it is undone after it has read and decided.
 * `full`: the quota is used up. `throw`: the adapter throws instead of rejecting. `hang`: it never answers and never writes.
 * `land`: it writes and never answers.
 */
export type DiskFault = 'error' | 'abort' | 'full' | 'throw' | 'hang' | 'land'

/** The databases that all tabs of a fake browser share, and the trouble that a test makes them. */
export class FakeDisk {
  readonly databases = new Map<string, Map<StorageKey, unknown>>()
  readonly #stores = new Map<string, MemoryStorage>()
  readonly #open = new Set<{ name: string; lose: () => void }>()
  #faults: DiskFault[] = []
  #release: (() => void) | undefined
  #refusedOpens = 0

  /** A connection of one tab. @param isAlive false: nothing of it happens any more */
  connect(name: string, isAlive: () => boolean): MutationStorage {
    if (this.#mayFail(name) && this.#refusedOpens-- > 0) throw new DOMException('Connection lost while opening.', 'AbortError')
    this.#refusedOpens = Math.max(0, this.#refusedOpens)
    const store = this.#store(name)
    const listeners = new Set<() => void>()
    let isLost = false
    const connection = {
      name,
      lose: () => {
        isLost = true
        this.#open.delete(connection)
        if (isAlive()) for (const listener of listeners) listener()
      },
    }
    this.#open.add(connection)
    return {
      durability: 'disk',
      transaction: (options, plan) => {
        if (!isAlive()) return NEVER
        if (isLost) return Promise.reject(new DOMException('The connection was closed.', 'InvalidStateError'))
        return this.#run(name, store, options, plan)
      },
      entries: () => store.entries(),
      onLost: (listener) => void listeners.add(listener),
      close: () => void this.#open.delete(connection),
    }
  }

  /** The next transactions on a queue meet these, in order. */
  next(...faults: DiskFault[]): void {
    this.#faults.push(...faults)
  }

  /** All is well from now on. */
  heal(): void {
    this.#faults = []
    this.#refusedOpens = 0
    this.release()
  }

  /** Another page holds the queues: transactions wait for `release`. */
  hold(): void {
    if (this.#release !== undefined) return
    const held = new Promise<void>((resolve) => {
      this.#release = resolve
    })
    const wait = async () => {
      await held
      return []
    }
    for (const [name, store] of this.#stores) if (this.#mayFail(name)) void store.transaction({ strict: false }, wait)
  }

  release(): void {
    this.#release?.()
    this.#release = undefined
  }

  /** The browser closes all connections to queues by force; what is stored stays. The first to open one again fails. */
  close(): void {
    const lost = [...this.#open].filter(({ name }) => this.#mayFail(name))
    if (lost.length > 0) this.#refusedOpens = 1
    for (const { lose } of lost) lose()
  }

  /** The browser clears site data: all queues are empty, and their connections closed. */
  clear(): void {
    for (const [name, entries] of this.databases) if (this.#mayFail(name)) entries.clear()
    this.close()
  }

  #run(name: string, store: MemoryStorage, ...[options, plan]: Parameters<MutationStorage['transaction']>): Promise<boolean> {
    const fault = this.#mayFail(name) ? this.#faults.shift() : undefined
    const undone = async (...reading: Parameters<typeof plan>) => {
      await plan(...reading)
      throw new DOMException('The transaction was aborted.', 'AbortError')
    }
    switch (fault) {
      case undefined:
        return store.transaction(options, plan)
      case 'error':
        return Promise.reject(new DOMException('Internal error.', 'UnknownError'))
      case 'full':
        return Promise.reject(new DOMException('The quota is used up.', 'QuotaExceededError'))
      case 'throw':
        throw new DOMException('The database connection is closing.', 'InvalidStateError')
      case 'abort':
        return store.transaction(options, undone)
      case 'hang':
        return NEVER
      case 'land':
        return store.transaction(options, plan).then(() => NEVER)
      default:
        return fault satisfies never
    }
  }

  // Who is signed in is remembered in a database of its own.
  #mayFail(name: string): boolean {
    return !name.includes('origin')
  }

  #store(name: string): MemoryStorage {
    const entries = this.databases.get(name) ?? new Map<StorageKey, unknown>()
    this.databases.set(name, entries)
    const store = this.#stores.get(name) ?? new MemoryStorage(entries, 'disk')
    this.#stores.set(name, store)
    return store
  }
}

const NEVER = new Promise<never>(() => {})
