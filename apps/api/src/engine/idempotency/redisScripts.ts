import { createHash } from 'node:crypto'

/** A Lua script and the hash Redis knows it by. */
export interface RedisScript {
  readonly source: string
  readonly sha: string
}

function script(source: string): RedisScript {
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}

/*
 * One hash a key: s(tate) "p" or "c", f(ingerprint), o(wner), and once completed st(atus), h(eaders), b(ody).
 * The key's time to live is the lease while pending and the window once completed, so Redis' clock alone
 * decides both and nothing has to be swept.
 */

/** ARGV: fingerprint, owner, lease in ms → NEW | MISMATCH | COMPLETED fingerprint status headers body | PENDING remaining */
export const BEGIN = script(`
local found = redis.call('HMGET', KEYS[1], 's', 'f', 'st', 'h', 'b')
if found[1] then
  -- A fingerprint of another version of the rule cannot be compared and counts as a match.
  if found[2] ~= ARGV[1] and string.sub(found[2], 1, 3) == string.sub(ARGV[1], 1, 3) then return {'MISMATCH'} end
  if found[1] == 'c' then return {'COMPLETED', found[2], found[3], found[4], found[5]} end
  return {'PENDING', redis.call('PTTL', KEYS[1])}
end
redis.call('HSET', KEYS[1], 's', 'p', 'f', ARGV[1], 'o', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {'NEW'}
`)

/** ARGV: owner, window in ms, status, headers, body → 1, or 0 when the claim is no longer the owner's */
export const COMPLETE = script(`
local found = redis.call('HMGET', KEYS[1], 's', 'o')
if found[1] ~= 'p' or found[2] ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 's', 'c', 'st', ARGV[3], 'h', ARGV[4], 'b', ARGV[5])
redis.call('HDEL', KEYS[1], 'o')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
`)

/** ARGV: owner, lease in ms → 1, or 0 when the claim is no longer the owner's */
export const RENEW = script(`
local found = redis.call('HMGET', KEYS[1], 's', 'o')
if found[1] ~= 'p' or found[2] ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`)

/** ARGV: owner → 1, or 0 when the claim is no longer the owner's */
export const RELEASE = script(`
local found = redis.call('HMGET', KEYS[1], 's', 'o')
if found[1] ~= 'p' or found[2] ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`)
