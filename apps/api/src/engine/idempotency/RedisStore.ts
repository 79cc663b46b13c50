import { hash } from 'node:crypto'
import type { RedisConnection } from '../redis/RedisConnection.js'
import type { Claim, Found, IdempotencyStore, Outcome } from './IdempotencyStore.js'
import { holdOf, PENDING, readRecord, settledRecord } from './redisRecord.js'
import { PUT, RELEASE, type RedisScript } from './redisScripts.js'
import { requireNoEviction } from './requireNoEviction.js'

export interface RedisStoreOptions {
  /** Of every key. @default "idem:v3:" */
  prefix?: string
  /** How long Redis may take over a command, in milliseconds. > 0, and below `patienceMs`. Longer is a refusal (503). @default 1_000 */
  timeoutMs?: number
  /**
   * Also takes a Redis that may throw keys away when its memory is full (`maxmemory` with a policy other than `noeviction`),
   * or that does not say whether it may. A key thrown away runs its handler again. @default false
   */
  dangerouslyAllowEviction?: boolean
}

/** A claim as Redis is told of it, by each verb in the same words. Kept on the claim: a map of claims takes longer than to work them out. */
class Terms {
  readonly store: RedisStore
  readonly key: string
  readonly hold: string
  readonly windowMs: string

  constructor(store: RedisStore, { key, claim }: { key: string; claim: Claim }) {
    this.store = store
    this.key = key
    this.hold = holdOf(claim)
    this.windowMs = String(Math.ceil(claim.windowMs))
  }
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
    { prefix = 'idem:v3:', timeoutMs = 1_000, dangerouslyAllowEviction = false }: RedisStoreOptions = {},
  ) {
    this.#redis = redis
    this.#prefix = prefix
    this.#timeoutMs = timeoutMs
    this.#mayEvict = !dangerouslyAllowEviction
  }

  /** Rejects when Redis is away, slow, full, or may throw keys away. */
  claim(claim: Claim): Promise<Found> {
    if (this.#mayEvict) return this.#requireNoEviction().then(() => this.claim(claim))
    const { key, hold, windowMs } = this.#termsOf(claim)
    const found = (reply: unknown) => (reply === null ? NEW : this.#read(key, reply))
    return this.#redis.send(['SET', key, hold + PENDING, 'NX', 'GET', 'PX', windowMs], this.#timeoutMs).then(found, foundUnreadable)
  }

  renew(claim: Claim): Promise<boolean> {
    return this.#put(claim, PENDING)
  }

  complete(claim: Claim, outcome: Outcome): Promise<boolean> {
    return this.#put(claim, settledRecord(outcome))
  }

  release(claim: Claim): Promise<boolean> {
    const { key, hold } = this.#termsOf(claim)
    return this.#run(RELEASE, [key, hold])
  }

  #put(claim: Claim, state: string | Buffer): Promise<boolean> {
    const { key, hold, windowMs } = this.#termsOf(claim)
    return this.#run(PUT, [key, hold, state, windowMs])
  }

  async #requireNoEviction(): Promise<void> {
    await requireNoEviction(this.#redis, this.#timeoutMs)
    this.#mayEvict = false
  }

  async #read(key: string, reply: unknown): Promise<Found> {
    const record = readRecord(reply)
    if (record === null) return DAMAGED
    if (record.kind !== 'pending') return record
    const { fingerprint, owner, leaseMs, windowMs } = record
    return { kind: 'pending', fingerprint, owner, isAlive: await this.#isAlive(key, { leaseMs, windowMs }) }
  }

  /** Whether its last sign is younger than its lease. One that is gone by now was released: whoever asks again finds that out. */
  async #isAlive(key: string, { leaseMs, windowMs }: Pick<Claim, 'leaseMs' | 'windowMs'>): Promise<boolean> {
    const left = Number(await this.#redis.send(['PTTL', key], this.#timeoutMs))
    return left === GONE || (left >= 0 && windowMs - left < leaseMs)
  }

  #termsOf(claim: Claim): Terms {
    const known = claim.workedOut
    if (known instanceof Terms && known.store === this) return known
    // Hashed: a key in Redis shows neither who clicked nor what, and has one length.
    const terms = new Terms(this, { key: this.#prefix + hash('sha256', claim.id, 'base64url'), claim })
    claim.workedOut = terms
    return terms
  }

  /** @param args the key, and what the script is told of it */
  #run({ sha, source }: RedisScript, args: readonly (string | Buffer)[]): Promise<boolean> {
    return this.#redis.send(['EVALSHA', sha, '1', ...args], this.#timeoutMs).then(isOne, (error) => {
      if (!startsWith(error, 'NOSCRIPT')) throw error
      // Redis was restarted or flushed. EVAL also teaches it the script.
      return this.#redis.send(['EVAL', source, '1', ...args], this.#timeoutMs).then(isOne)
    })
  }
}

const NEW: Found = { kind: 'new' }
const DAMAGED: Found = { kind: 'damaged' }

const isOne = (reply: unknown) => reply === 1

/** Something of another type under our key is a record that cannot be read. */
function foundUnreadable(error: unknown): Found {
  if (startsWith(error, 'WRONGTYPE')) return DAMAGED
  throw error
}

/** What PTTL says of a key that is not there. */
const GONE = -2

// Redis gives its errors no code but the first word of their text.
function startsWith(error: unknown, word: string): boolean {
  return error instanceof Error && error.message.startsWith(word)
}
