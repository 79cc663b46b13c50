import 'fake-indexeddb/auto'
import { openIdbKeyvalStorage } from '../../src/adapters/idbKeyvalStorage.js'
import { MemoryStorage } from '../../src/adapters/memoryStorage.js'
import { storageContract } from './storageContract.js'

storageContract('memory', () => {
  const storage = new MemoryStorage()
  return async () => storage
})

let databases = 0
storageContract('IndexedDB', () => {
  const name = `contract-${databases++}`
  return () => openIdbKeyvalStorage(name)
})
