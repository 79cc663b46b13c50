import type { RedisConnection } from '../redis/RedisConnection.js'

const WAYS_OUT =
  'Set maxmemory-policy to noeviction, or give the keys a Redis of their own; RedisStore’s option dangerouslyAllowEviction takes the risk.'

/**
 * Rejects for a Redis that may throw keys away, or does not say: a key thrown away within its window would run its handler again.
 * Not knowing is no yes.
 */
export async function requireNoEviction(redis: Pick<RedisConnection, 'send'>, timeoutMs: number): Promise<void> {
  const info = String(await redis.send(['INFO', 'memory'], timeoutMs))
  const limit = /^maxmemory:(\d+)/m.exec(info)?.[1]
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1]
  if (limit === '0' || policy === 'noeviction') return
  if (limit === undefined || policy === undefined)
    throw new Error(`RedisStore: this Redis does not say whether it throws keys away. ${WAYS_OUT}`)
  throw new Error(
    `RedisStore: this Redis throws keys away when its memory is full (${policy}), and each of them would run its handler again. ${WAYS_OUT}`,
  )
}
