import { type Claim, type Found, type IdempotencyStore, type Outcome, StoreFullError } from './IdempotencyStore.js'
import { SettledKeys } from './SettledKeys.js'

export interface MemoryStoreOptions {
  /** Keys at work and answers kept whole, at most. Integer ≥ 1. @default 10_000 */
  maxEntries?: number
  /** Bytes of all answers together. > 0. @default 64 MiB */
  maxBytes?: number
  /**
   * Keys remembered within their window, those included whose answer made room for others. Integer ≥ `maxEntries`.
   * About 300 bytes each. @default 10 × maxEntries
   */
  maxKeys?: number
  /** A clock that never goes back, in milliseconds. @default performance.now */
  now?: () => number
}

const NEW: Found = { kind: 'new' }

interface Pending {
  claim: Claim
  renewedAt: number
}

/**
 * The store of a single process. Its memory is bounded and a claim costs the same however many keys are held: a full store
 * lets go of its oldest answers but not of their keys (a duplicate is refused then), and never of a key at work. When it may
 * hold no further key it takes none.
 */
export class MemoryStore implements IdempotencyStore {
  readonly #pending = new Map<string, Pending>()
  readonly #settled: SettledKeys
  readonly #maxEntries: number
  readonly #maxKeys: number
  readonly #now: () => number

  /** @throws {RangeError} when a bound is out of its range */
  constructor({
    maxEntries = 10_000,
    maxBytes = 64 * 1_024 * 1_024,
    maxKeys = maxEntries * 10,
    now = () => performance.now(),
  }: MemoryStoreOptions = {}) {
    if (!(maxEntries >= 1)) throw new RangeError(`MemoryStore: maxEntries must be at least 1, received ${maxEntries}`)
    if (!(maxBytes > 0)) throw new RangeError(`MemoryStore: maxBytes must be above 0, received ${maxBytes}`)
    if (!(maxKeys >= maxEntries))
      throw new RangeError(`MemoryStore: maxKeys must be at least maxEntries (${maxEntries}), received ${maxKeys}`)
    this.#maxEntries = maxEntries
    this.#maxKeys = maxKeys
    this.#settled = new SettledKeys(maxBytes)
    this.#now = now
  }

  /** What it holds now: keys in all, those with an answer kept whole or at work, and the bytes of the answers. */
  get size(): { keys: number; entries: number; bytes: number } {
    const { keys, answers, bytes } = this.#settled
    return { keys: this.#pending.size + keys, entries: this.#pending.size + answers, bytes }
  }

  /** @throws {StoreFullError} when it may not forget any key and take none */
  claim(claim: Claim): Found {
    const now = this.#now()
    this.#settled.sweep(now)
    const settled = this.#settled.find(claim.id, now)
    if (settled !== undefined) return { ...settled.outcome, fingerprint: settled.fingerprint }
    const pending = this.#livePending(claim.id, now)
    if (pending !== undefined) return foundPending(pending, now)
    this.#makeRoom(now)
    this.#pending.set(claim.id, { claim, renewedAt: now })
    return NEW
  }

  renew(claim: Claim): boolean {
    const now = this.#now()
    if (!this.#isOwn(claim, now)) return false
    this.#pending.set(claim.id, { claim, renewedAt: now })
    return true
  }

  complete(claim: Claim, outcome: Outcome): boolean {
    const now = this.#now()
    if (!this.#isOwn(claim, now)) return this.#settled.find(claim.id, now)?.owner === claim.owner
    this.#pending.delete(claim.id)
    this.#settled.add(claim, outcome, now)
    this.#settled.letGoOfAnswers(this.#maxEntries - this.#pending.size)
    return true
  }

  release(claim: Claim): boolean {
    const pending = this.#pending.get(claim.id)
    return pending?.claim.owner === claim.owner && this.#pending.delete(claim.id)
  }

  #isOwn(claim: Claim, now: number): boolean {
    if (this.#settled.find(claim.id, now) !== undefined) return false
    return (this.#livePending(claim.id, now)?.claim.owner ?? claim.owner) === claim.owner
  }

  #livePending(id: string, now: number): Pending | undefined {
    const pending = this.#pending.get(id)
    return pending !== undefined && pending.renewedAt + pending.claim.windowMs > now ? pending : undefined
  }

  #makeRoom(now: number): void {
    if (this.#isFull()) this.#sweepAll(now)
    if (this.#isFull()) throw new StoreFullError(this.#whyFull())
    this.#settled.letGoOfAnswers(this.#maxEntries - this.#pending.size - 1)
  }

  #isFull(): boolean {
    return this.#pending.size >= this.#maxEntries || this.#pending.size + this.#settled.keys >= this.#maxKeys
  }

  /** Everything whose window ended, also what stands behind something that lives longer. */
  #sweepAll(now: number): void {
    this.#settled.sweepAll(now)
    for (const id of this.#pending.keys()) if (this.#livePending(id, now) === undefined) this.#pending.delete(id)
  }

  #whyFull(): string {
    if (this.#pending.size >= this.#maxEntries)
      return `MemoryStore: ${this.#pending.size} requests are at work, which is all that maxEntries allows`
    return `MemoryStore: ${this.size.keys} keys are within their window, which is all that maxKeys allows. Raise it, shorten windowMs, or take RedisStore.`
  }
}

function foundPending({ claim, renewedAt }: Pending, now: number): Found {
  return { kind: 'pending', fingerprint: claim.fingerprint, owner: claim.owner, isAlive: now < renewedAt + claim.leaseMs }
}
