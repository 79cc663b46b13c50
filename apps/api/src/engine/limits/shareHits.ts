import type { RedisConnection } from '../redis/RedisConnection.js'
import type { ShareHits } from './SharedHitStore.js'

/** Shares hits through Redis, one counter a key and window. */
export function shareHitsBy(redis: Pick<RedisConnection, 'send'>): ShareHits {
  return async (counter, hits, lifeMs) => {
    const name = `hits:v1:${counter}`
    const [sum] = await Promise.all([redis.send(['INCRBY', name, String(hits)]), redis.send(['PEXPIRE', name, String(lifeMs)])])
    return Number(sum)
  }
}
