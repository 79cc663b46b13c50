import { randomUUID } from 'node:crypto'
import type { RedisConnection } from '../redis/RedisConnection.js'
import type { ShareHits } from './SharedHitStore.js'

/** Shares hits through Redis, one hash a key and window with a field for each process. */
export function shareHitsBy(redis: Pick<RedisConnection, 'send'>, process: string = randomUUID()): ShareHits {
  return async (counter, hits, lifeMs) => {
    const name = `hits:v2:${counter}`
    const [, , all] = await Promise.all([
      redis.send(['HSET', name, process, String(hits)]),
      redis.send(['PEXPIRE', name, String(lifeMs)]),
      redis.send(['HVALS', name]),
    ])
    return (all as unknown[]).reduce<number>((sum, each) => sum + Number(each), 0)
  }
}
