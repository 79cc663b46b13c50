import * as z from 'zod'
import type { RedisConnection } from '../redis/RedisConnection.js'
import type { HistoryMemory } from './HistoryWatch.js'

const NAME = 'history:v1'
// As long as the change log remembers.
const LIFE_MS = 7 * 24 * 60 * 60 * 1_000

/** Numbers as Postgres reads them; what is written begins with no zero. */
const number = z.string().check(z.regex(/^(0|[1-9]\d{0,17})$/))
const changeSchema = z.object({ epoch: z.string().check(z.regex(/^[\w-]{1,64}$/)), xid: number, seq: number, at: number })

/** Whatever else stands there is nothing we remember: asked for, it would fail every look from then on. */
function asChange(text: string): string | null {
  try {
    return JSON.stringify(changeSchema.parse(JSON.parse(text)))
  } catch {
    return null
  }
}

/** Remembers the newest change in Redis, which a restore of Postgres leaves alone. */
export function redisHistoryMemory(redis: Pick<RedisConnection, 'send'>): HistoryMemory {
  return {
    async read() {
      const found = await redis.send(['GET', NAME])
      return found === null ? null : asChange(String(found))
    },
    async write(change) {
      await redis.send(['SET', NAME, change, 'PX', String(LIFE_MS)])
    },
  }
}
