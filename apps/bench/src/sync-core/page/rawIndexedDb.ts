import { payload } from './payload.js'

/** The floor: one record a transaction, nothing else. Returns milliseconds for `count` writes and as many deletes. */
export async function rawIndexedDb(count: number, durability: 'strict' | 'relaxed') {
  const name = `raw-${crypto.randomUUID()}`
  const database = await open(name)
  const run = (act: (store: IDBObjectStore) => void) =>
    new Promise<void>((resolve, reject) => {
      const transaction = database.transaction('items', 'readwrite', { durability })
      act(transaction.objectStore('items'))
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error)
    })
  const began = performance.now()
  for (let index = 0; index < count; index++) await run((store) => store.put(payload(index), index))
  const enqueued = performance.now()
  for (let index = 0; index < count; index++) await run((store) => store.delete(index))
  const drained = performance.now()
  database.close()
  indexedDB.deleteDatabase(name)
  return { enqueueMs: enqueued - began, drainMs: drained - enqueued }
}

function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name)
    request.onupgradeneeded = () => request.result.createObjectStore('items')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
