import { hash } from 'node:crypto'
import type { RedisConnection } from '../redis/RedisConnection.js'
import type { Claim, Found, IdempotencyStore, Outcome } from './IdempotencyStore.js'
import { pendingRecord, readRecord, settledRecord } from './redisRecord.js'
import { PUT, RELEASE, type RedisScript } from './redisScripts.js'
import { requireNoEviction } from './requireNoEviction.js'

export interface RedisStoreOptions {
  /** Of every key. @default "idem:v2:" */
  prefix?: string
  /** How long Redis may take over a command, in milliseconds. > 0. Longer is a refusal (503). @default 1_000 */
  timeoutMs?: number
  /**
   * Also takes a Redis that may throw keys away when its memory is full (`maxmemory` with a policy other than `noeviction`),
   * or that does not say whether it may. A key thrown away runs its handler again. @default false
   */
  dangerouslyAllowEviction?: boolean
}

/**
 * The store that processes share. A new key costs two round trips, a replay one. One string a key; its time to live, by Redis'
 * clock alone, is the window, and how much of it is used up says when the owner of a pending one was last heard of.
 * Needs Redis 7 (`SET … NX GET`).
 */
export class RedisStore implements IdempotencyStore {
  readonly #redis: Pick<RedisConnection, 'send'>
  readonly #prefix: string
  readonly #timeoutMs: number
  #mayEvict: boolean

  constructor(
    redis: Pick<RedisConnection, 'send'>,
    { prefix = 'idem:v2:', timeoutMs = 1_000, dangerouslyAllowEviction = false }: RedisStoreOptions = {},
  ) {
    this.#redis = redis
    this.#prefix = prefix
    this.#timeoutMs = timeoutMs
    this.#mayEvict = !dangerouslyAllowEviction
  }

  /** Rejects when Redis is away, slow, full, or may throw keys away. */
  async claim(claim: Claim): Promise<Found> {
    if (this.#mayEvict) await this.#requireNoEviction()
    const key = this.#keyOf(claim)
    const reply = await this.#send(['SET', key, pendingRecord(claim), 'NX', 'GET', 'PX', String(Math.ceil(claim.windowMs))])
    if (reply === null) return { kind: 'new' }
    const record = readRecord(reply)
    if (record === null) return { kind: 'damaged' }
    if (record.kind !== 'pending') return record
    const { fingerprint, owner, leaseMs, windowMs } = record
    return { kind: 'pending', fingerprint, owner, isAlive: await this.#isAlive(key, { leaseMs, windowMs }) }
  }

  async renew(claim: Claim): Promise<boolean> {
    const record = pendingRecord(claim)
    return (await this.#run(PUT, claim, [record, record, String(Math.ceil(claim.windowMs))])) === 1
  }

  async complete(claim: Claim, outcome: Outcome): Promise<boolean> {
    const record = settledRecord(claim, outcome)
    return (await this.#run(PUT, claim, [pendingRecord(claim), record, String(Math.ceil(claim.windowMs))])) === 1
  }

  async release(claim: Claim): Promise<boolean> {
    return (await this.#run(RELEASE, claim, [pendingRecord(claim)])) === 1
  }

  async #requireNoEviction(): Promise<void> {
    await requireNoEviction(this.#redis)
    this.#mayEvict = false
  }

  /** Whether its last sign is younger than its lease. One that is gone by now was released: whoever asks again finds that out. */
  async #isAlive(key: string, { leaseMs, windowMs }: Pick<Claim, 'leaseMs' | 'windowMs'>): Promise<boolean> {
    const left = Number(await this.#redis.send(['PTTL', key], this.#timeoutMs))
    return left === GONE || (left >= 0 && windowMs - left < leaseMs)
  }

  // Hashed: a key in Redis shows neither who clicked nor what, and has one length.
  #keyOf({ id }: Claim): string {
    return this.#prefix + hash('sha256', id, 'base64url')
  }

  /** Something of another type under our key is a record that cannot be read. */
  async #send(command: (string | Buffer)[]): Promise<unknown> {
    try {
      return await this.#redis.send(command, this.#timeoutMs)
    } catch (error) {
      if (startsWith(error, 'WRONGTYPE')) return undefined
      throw error
    }
  }

  async #run(script: RedisScript, claim: Claim, args: (string | Buffer)[]): Promise<unknown> {
    const rest = ['1', this.#keyOf(claim), ...args]
    try {
      return await this.#redis.send(['EVALSHA', script.sha, ...rest], this.#timeoutMs)
    } catch (error) {
      if (!startsWith(error, 'NOSCRIPT')) throw error
      // Redis was restarted or flushed. EVAL also teaches it the script.
      return await this.#redis.send(['EVAL', script.source, ...rest], this.#timeoutMs)
    }
  }
}

/** What PTTL says of a key that is not there. */
const GONE = -2

// Redis gives its errors no code but the first word of their text.
function startsWith(error: unknown, word: string): boolean {
  return error instanceof Error && error.message.startsWith(word)
}
