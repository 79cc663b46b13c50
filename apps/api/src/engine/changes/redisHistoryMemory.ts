import type { RedisConnection } from '../redis/RedisConnection.js'
import type { HistoryMemory } from './HistoryWatch.js'

const NAME = 'history:v1'
// As long as the change log remembers.
const LIFE_MS = 7 * 24 * 60 * 60 * 1_000

/** Remembers the newest change in Redis, which a restore of Postgres leaves alone. */
export function redisHistoryMemory(redis: Pick<RedisConnection, 'send'>): HistoryMemory {
  return {
    async read() {
      const found = await redis.send(['GET', NAME])
      return found === null ? null : String(found)
    },
    async write(change) {
      await redis.send(['SET', NAME, change, 'PX', String(LIFE_MS)])
    },
  }
}
