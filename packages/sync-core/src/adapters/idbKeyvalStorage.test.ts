import 'fake-indexeddb/auto'
import { afterEach, expect, jest, test } from '@jest/globals'
import { openIdbKeyvalStorage } from './idbKeyvalStorage.js'

afterEach(() => {
  jest.restoreAllMocks()
})

const KEPT = [{ key: 'a', value: 1 }]

test('asks for strict durability for a click and relaxed for what can be repeated', async () => {
  const storage = await openIdbKeyvalStorage('durability')
  const asked: unknown[] = []
  const original = IDBDatabase.prototype.transaction
  jest.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, names, mode, options) {
    asked.push(options?.durability)
    return original.call(this, names, mode, options)
  })
  await storage.transaction({ strict: true }, async () => KEPT)
  await storage.transaction({ strict: false }, async () => KEPT)
  expect(asked).toEqual(['strict', 'relaxed'])
  storage.close()
})

test('reopens once when the browser closed the connection without a word', async () => {
  const storage = await openIdbKeyvalStorage('closed')
  await storage.transaction({ strict: true }, async () => KEPT)
  const original = IDBDatabase.prototype.transaction
  let isFirst = true
  jest.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, names, mode, options) {
    if (!isFirst) return original.call(this, names, mode, options)
    isFirst = false
    throw new DOMException('The database connection is closing.', 'InvalidStateError')
  })
  await storage.transaction({ strict: false }, async () => [{ key: 'b', value: 2 }])
  expect(new Map(await storage.entries())).toEqual(new Map(Object.entries({ a: 1, b: 2 })))
  storage.close()
})

test('an abort by the browser, as when the disk is full, rejects and writes nothing', async () => {
  const storage = await openIdbKeyvalStorage('full')
  const original = IDBObjectStore.prototype.put
  const put = jest.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    const request = original.call(this, value, key)
    this.transaction.abort()
    return request
  })
  await expect(storage.transaction({ strict: true }, async () => KEPT)).rejects.toBeDefined()
  put.mockRestore()
  expect(await storage.entries()).toEqual([])
  storage.close()
})

test('lets go of the database when another tab wants to delete it', async () => {
  const storage = await openIdbKeyvalStorage('deleted')
  await storage.transaction({ strict: true }, async () => KEPT)
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase('deleted')
    request.onsuccess = resolve
    request.onerror = reject
  })
  expect(await storage.entries()).toEqual([])
  storage.close()
})
