import { promisifyRequest } from 'idb-keyval'
import type { Entry, MutationStorage, OpenStorage, StorageKey } from '../ports/MutationStorage.js'

const STORE = 'mutations'

/**
 * One IndexedDB database per name through idb-keyval, with a store of our own: idb-keyval's `createStore` cannot set
 * durability. One connection: once the browser has closed it, everything rejects, and whoever uses it opens another.
 * @throws (rejects) when the browser refuses: no IndexedDB, private mode, a newer database version
 */
export const openIdbKeyvalStorage: OpenStorage = async (name) => {
  const request = indexedDB.open(name)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  return new IdbKeyvalStorage(await promisifyRequest(request))
}

class IdbKeyvalStorage implements MutationStorage {
  readonly durability = 'disk'
  readonly #database: IDBDatabase

  constructor(database: IDBDatabase) {
    this.#database = database
    // Another tab wants to delete or upgrade the database: holding on would block it for ever.
    database.onversionchange = () => database.close()
  }

  async transaction({ strict }: { strict: boolean }, plan: Parameters<MutationStorage['transaction']>[1]): Promise<boolean> {
    const store = this.#store('readwrite', strict ? 'strict' : 'relaxed')
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
  }

  async entries(): Promise<readonly Entry[]> {
    return readAll(this.#store('readonly', 'default'))
  }

  onLost(listener: () => void): void {
    this.#database.onclose = listener
    this.#database.onversionchange = () => {
      this.#database.close()
      listener()
    }
  }

  close(): void {
    this.#database.close()
  }

  #store(mode: IDBTransactionMode, durability: IDBTransactionDurability): IDBObjectStore {
    return this.#database.transaction(STORE, mode, { durability }).objectStore(STORE)
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
