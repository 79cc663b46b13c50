import type { RedisConnection } from '../redis/RedisConnection.js'
import { memoryReplayCache } from './memoryReplayCache.js'
import type { ReplayCache } from './ReplayCache.js'
import { redisReplayCache } from './redisReplayCache.js'

export interface OpenReplayCacheOptions {
  windowMs: number
  /** Bounds of the cache in memory, where there is no Redis. */
  memoryEntries: number
  memoryBytes: number
}

/** The cache that replicas share when there is Redis, else one in the memory of this process. */
export function openReplayCache(
  redis: RedisConnection | null,
  { windowMs, memoryEntries, memoryBytes }: OpenReplayCacheOptions,
): ReplayCache {
  if (redis !== null) return redisReplayCache(redis, { windowMs })
  return memoryReplayCache({ windowMs, maxEntries: memoryEntries, maxBytes: memoryBytes })
}
