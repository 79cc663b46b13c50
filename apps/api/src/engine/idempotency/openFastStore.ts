import type { IdempotencyStore } from './IdempotencyStore.js'
import { MemoryStore } from './memoryStore.js'
import { connectRedis, type RedisConnection } from './RedisConnection.js'
import { RedisStore } from './redisStore.js'

/** The store the settings ask for, and the Redis behind it. */
export interface FastStore {
  store: IdempotencyStore
  /** Null for the store in memory. */
  redis: RedisConnection | null
}

export interface FastStoreOptions {
  redisUrl: string | null
  memoryEntries: number
  memoryBytes: number
  onRedisError: (error: unknown) => void
}

/** Opens Redis when there is one, else the memory of this process. Never waits: the API starts without Redis too. */
export function openFastStore({ redisUrl, memoryEntries, memoryBytes, onRedisError }: FastStoreOptions): FastStore {
  if (redisUrl === null) return { store: new MemoryStore({ maxEntries: memoryEntries, maxBytes: memoryBytes }), redis: null }
  const redis = connectRedis({ url: redisUrl, onError: onRedisError })
  return { store: new RedisStore(redis), redis }
}
