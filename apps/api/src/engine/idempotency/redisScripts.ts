import { createHash } from 'node:crypto'
import { PENDING } from './redisRecord.js'

/** A Lua script and the hash Redis knows it by. */
export interface RedisScript {
  readonly source: string
  readonly sha: string
}

function script(source: string): RedisScript {
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}

/** ARGV: the hold, how it stands now, window in ms → 1, or 0 when another's stands there, or an end. Again is the same as once. */
export const PUT = script(`
local found, record = redis.call('GET', KEYS[1]), ARGV[1] .. ARGV[2]
if found and found ~= record and found ~= ARGV[1] .. '${PENDING}' then return 0 end
redis.call('SET', KEYS[1], record, 'PX', ARGV[3])
return 1
`)

/** ARGV: the hold → 1, or 0 when something else stands there, or nothing */
export const RELEASE = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] .. '${PENDING}' then return 0 end
return redis.call('DEL', KEYS[1])
`)
