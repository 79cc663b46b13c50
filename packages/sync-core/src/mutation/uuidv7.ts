import type { IdempotencyKey } from '@org/contracts/client'
import type { Clock } from '../ports/Clock.js'
import type { Random } from '../ports/Random.js'

/** A UUIDv7 (RFC 9562): 48 bits of time, then random. `randomUUID` is v4, whose keys would scatter an index. */
export function uuidv7(clock: Clock, random: Random): IdempotencyKey {
  const bytes = random.bytes(16)
  let time = Math.max(0, Math.floor(clock.now()))
  for (let index = 5; index >= 0; index--) {
    bytes[index] = time % 256
    time = Math.floor(time / 256)
  }
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as IdempotencyKey
}
