import { promisifyRequest } from 'idb-keyval'
import type { Entry, MutationStorage, OpenStorage, StorageKey } from '../ports/MutationStorage.js'

const STORE = 'mutations'

/**
 * One IndexedDB database per name through idb-keyval, with a store of our own: idb-keyval's `createStore`
 * can neither set durability nor reopen after the browser closed the connection under us.
 * @throws (rejects) when the browser refuses: no IndexedDB, private mode, a newer database version
 */
export const openIdbKeyvalStorage: OpenStorage = async (name) => {
  const connection = new Connection(name)
  await connection.database()
  return new IdbKeyvalStorage(connection)
}

class IdbKeyvalStorage implements MutationStorage {
  readonly durability = 'disk'
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  transaction({ strict }: { strict: boolean }, plan: Parameters<MutationStorage['transaction']>[1]): Promise<boolean> {
    return this.#connection.withStore('readwrite', strict ? 'strict' : 'relaxed', async (store) => {
      const complete = ended(store.transaction)
      // A failing plan must leave nothing behind; the transaction's own rejection is the one that counts.
      complete.catch(() => undefined)
      try {
        const writes = await plan({
          getMany: (keys) => Promise.all(keys.map((key) => promisifyRequest(store.get(key)))),
          keysAfter: (place) =>
            promisifyRequest(store.getAllKeys(IDBKeyRange.bound(place, Number.POSITIVE_INFINITY, true))) as Promise<number[]>,
          entries: () => readAll(store),
        })
        for (const { key, value, isNew } of writes) {
          if (value === undefined) store.delete(key)
          else if (isNew) store.add(value, key)
          else store.put(value, key)
        }
        // Saves waiting for each request's own event before the commit begins.
        store.transaction.commit?.()
      } catch (error) {
        abort(store.transaction)
        throw error
      }
      return complete
    })
  }

  entries(): Promise<readonly Entry[]> {
    return this.#connection.withStore('readonly', 'default', readAll)
  }

  onLost(listener: () => void): void {
    this.#connection.onLost = listener
  }

  close(): void {
    this.#connection.close()
  }
}

/** Opens on demand and reopens once: Safari closes connections of its own accord. */
class Connection {
  onLost = () => {}
  readonly #name: string
  #database: Promise<IDBDatabase> | undefined

  constructor(name: string) {
    this.#name = name
  }

  database(): Promise<IDBDatabase> {
    this.#database ??= this.#open()
    return this.#database
  }

  async withStore<T>(
    mode: IDBTransactionMode,
    durability: IDBTransactionDurability,
    use: (store: IDBObjectStore) => Promise<T>,
  ): Promise<T> {
    return use(await this.#store(mode, durability))
  }

  close(): void {
    this.#database?.then((database) => database.close()).catch(() => undefined)
    this.#database = undefined
  }

  async #store(mode: IDBTransactionMode, durability: IDBTransactionDurability): Promise<IDBObjectStore> {
    const begin = (database: IDBDatabase) => database.transaction(STORE, mode, { durability }).objectStore(STORE)
    try {
      return begin(await this.database())
    } catch (error) {
      if ((error as { name?: unknown } | null)?.name !== 'InvalidStateError') throw error
      this.#database = undefined
      return begin(await this.database())
    }
  }

  async #open(): Promise<IDBDatabase> {
    const request = indexedDB.open(this.#name)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    try {
      const database = await promisifyRequest(request)
      database.onclose = () => {
        this.#database = undefined
        this.onLost()
      }
      // Another tab wants to delete or upgrade the database: holding on would block it for ever.
      database.onversionchange = () => {
        this.close()
        this.onLost()
      }
      return database
    } catch (error) {
      this.#database = undefined
      throw error
    }
  }
}

async function readAll(store: IDBObjectStore): Promise<readonly Entry[]> {
  const [keys, values] = await Promise.all([promisifyRequest(store.getAllKeys()), promisifyRequest(store.getAll())])
  return keys.map((key, index) => [key as StorageKey, values[index]])
}

/** False when an entry that was to be added was there. */
function ended(transaction: IDBTransaction): Promise<boolean> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(true)
    transaction.onabort = () => (transaction.error?.name === 'ConstraintError' ? resolve(false) : reject(transaction.error))
  })
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It has ended by itself already.
  }
}
