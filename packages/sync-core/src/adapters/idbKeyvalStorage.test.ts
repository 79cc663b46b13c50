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

test('a connection that the browser closed without a word rejects, and another one finds what was kept', async () => {
  const storage = await openIdbKeyvalStorage('closed')
  await storage.transaction({ strict: true }, async () => KEPT)
  storage.close()
  await expect(storage.transaction({ strict: false }, async () => [{ key: 'b', value: 2 }])).rejects.toMatchObject({
    name: 'InvalidStateError',
  })
  await expect(storage.entries()).rejects.toMatchObject({ name: 'InvalidStateError' })
  const other = await openIdbKeyvalStorage('closed')
  expect(await other.entries()).toEqual([['a', 1]])
  other.close()
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

test('lets go of the database when another tab wants to delete it, and tells', async () => {
  const storage = await openIdbKeyvalStorage('deleted')
  let losses = 0
  storage.onLost?.(() => {
    losses += 1
  })
  await storage.transaction({ strict: true }, async () => KEPT)
  await remove('deleted')
  expect(losses).toBe(1)
  const other = await openIdbKeyvalStorage('deleted')
  expect(await other.entries()).toEqual([])
  // Also while nobody wants to know.
  await remove('deleted')
})

function remove(name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = resolve
    request.onerror = reject
  })
}
