import { hash } from 'node:crypto'
import type { RedisConnection } from '../redis/RedisConnection.js'
import type { CachedAnswer, ReplayCache } from './ReplayCache.js'

export interface RedisReplayCacheOptions {
  /** How long an answer is kept, in milliseconds. > 0. */
  windowMs: number
  /** Of every key. @default "replay:v1:" */
  prefix?: string
}

/** The replay cache that replicas share: one command a look, one a put. */
export function redisReplayCache(
  redis: Pick<RedisConnection, 'send'>,
  { windowMs, prefix = 'replay:v1:' }: RedisReplayCacheOptions,
): ReplayCache {
  // Hashed: a key in Redis shows neither who clicked nor what, and has one length.
  const keyOf = (id: string) => prefix + hash('sha256', id, 'base64url')
  return {
    look: async (id) => readCached(await redis.send(['GET', keyOf(id)])),
    put: async (id, answer) => void (await redis.send(['SET', keyOf(id), writeCached(answer), 'PX', String(windowMs)])),
  }
}

/** A head of one line, with the body's length, and the body as it is. */
export function writeCached({ fingerprint, status, body }: CachedAnswer): string {
  return `${JSON.stringify([fingerprint, status, body.length])}\n${body}`
}

/** Reads what another program may have written, or half written: anything but a whole answer is "not known". */
export function readCached(reply: unknown): CachedAnswer | null {
  if (!Buffer.isBuffer(reply)) return null
  const text = reply.toString('utf8')
  const end = text.indexOf('\n')
  const head = end < 0 ? null : parse(text.slice(0, end))
  if (!Array.isArray(head)) return null
  const [fingerprint, status, length] = head as unknown[]
  const body = text.slice(end + 1)
  const isWhole = typeof fingerprint === 'string' && isStatus(status) && body.length === length && isObjectText(body)
  return isWhole ? { fingerprint, status, body } : null
}

function isStatus(status: unknown): status is number {
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599
}

function isObjectText(body: string): boolean {
  const parsed = parse(body)
  return typeof parsed === 'object' && parsed !== null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
