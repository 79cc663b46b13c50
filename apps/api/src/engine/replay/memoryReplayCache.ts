import { LRUCache } from 'lru-cache'
import type { CachedAnswer, ReplayCache } from './ReplayCache.js'

export interface MemoryReplayCacheOptions {
  /** How long an answer is kept, in milliseconds. > 0. */
  windowMs: number
  /** Integer ≥ 1. @default 10_000 */
  maxEntries?: number
  /** Bytes of all bodies together, about. > 0. @default 64 MiB */
  maxBytes?: number
}

/** What an entry weighs beside its body: key, fingerprint and the map's own. */
const ENTRY_BYTES = 500

/** The replay cache of a single process. */
export function memoryReplayCache({ windowMs, maxEntries = 10_000, maxBytes = 64 * 1024 * 1024 }: MemoryReplayCacheOptions): ReplayCache {
  const answers = new LRUCache<string, CachedAnswer>({
    max: maxEntries,
    maxSize: maxBytes,
    ttl: windowMs,
    sizeCalculation: ({ body }) => ENTRY_BYTES + body.length,
  })
  return {
    look: async (id) => answers.get(id) ?? null,
    put: async (id, answer) => void answers.set(id, answer),
  }
}
