import { isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import type { RedisConnection } from '../redis/RedisConnection.js'
import { isForeignFingerprint } from './fingerprint.js'
import type { BeginResult, IdempotencyStore, StoredAnswer } from './IdempotencyStore.js'
import { BEGIN, COMPLETE, RELEASE, RENEW, type RedisScript } from './redisScripts.js'

/** An answer is held back while it is kept, so keeping it may not take long. */
const ANSWER_WAITS_MS = 50

/** The store that replicas share. A new key costs two round trips, a replay one. */
export class RedisStore implements IdempotencyStore {
  readonly #redis: Pick<RedisConnection, 'send'>
  readonly #prefix: string

  /** @param prefix of every key. @default "idem:v1:" */
  constructor(redis: Pick<RedisConnection, 'send'>, { prefix = 'idem:v1:' } = {}) {
    this.#redis = redis
    this.#prefix = prefix
  }

  async begin(id: string, { fingerprint, owner, leaseMs }: { fingerprint: string; owner: string; leaseMs: number }): Promise<BeginResult> {
    return readBegun(await this.#run(BEGIN, id, [fingerprint, owner, String(leaseMs)]))
  }

  async complete(id: string, { owner, answer, windowMs }: { owner: string; answer: StoredAnswer; windowMs: number }): Promise<boolean> {
    const { status, headers, body } = answer
    // Text goes into the command's one string; only other bytes need a write of their own.
    const bytes = isUtf8(body) ? body.toString('utf8') : body
    return (await this.#run(COMPLETE, id, [owner, String(windowMs), String(status), JSON.stringify(headers), bytes], ANSWER_WAITS_MS)) === 1
  }

  async renew(id: string, { owner, leaseMs }: { owner: string; leaseMs: number }): Promise<boolean> {
    return (await this.#run(RENEW, id, [owner, String(leaseMs)], ANSWER_WAITS_MS)) === 1
  }

  async release(id: string, { owner }: { owner: string }): Promise<boolean> {
    return (await this.#run(RELEASE, id, [owner], ANSWER_WAITS_MS)) === 1
  }

  // Hashed: a key in Redis shows neither who clicked nor what, and has one length.
  async #run(script: RedisScript, id: string, args: (string | Buffer)[], timeoutMs?: number): Promise<unknown> {
    const rest = ['1', this.#prefix + hash('sha256', id, 'base64url'), ...args]
    try {
      return await this.#redis.send(['EVALSHA', script.sha, ...rest], timeoutMs)
    } catch (error) {
      if (!isUnknownScript(error)) throw error
      // Redis was restarted or flushed. EVAL also teaches it the script.
      return await this.#redis.send(['EVAL', script.source, ...rest], timeoutMs)
    }
  }
}

// Redis gives its errors no code but the first word of their text.
function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}

function readBegun(reply: unknown): BeginResult {
  const [kind, first, ...rest] = reply as [Buffer, Buffer | number, Buffer, Buffer, Buffer]
  switch (kind.toString()) {
    case 'NEW':
      return { kind: 'new' }
    case 'MISMATCH':
      return { kind: 'mismatch' }
    case 'PENDING':
      return { kind: 'pending', remainingMs: Math.max(0, Number(first)) }
    case 'COMPLETED':
      return { kind: 'completed', answer: readAnswer(rest), foreignFingerprint: isForeignFingerprint(String(first)) }
    default:
      throw new TypeError(`RedisStore: the script answered ${kind.toString().slice(0, 20)}, which it never does`)
  }
}

function readAnswer([status, headers, body]: Buffer[]): StoredAnswer {
  return {
    status: Number(status?.toString()),
    headers: JSON.parse(headers?.toString() ?? '{}') as Record<string, string>,
    body: body ?? Buffer.alloc(0),
  }
}
