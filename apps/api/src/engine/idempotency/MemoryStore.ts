import { type Claim, type Found, type IdempotencyStore, type Outcome, StoreFullError } from './IdempotencyStore.js'
import { isWithinWindow, type KnownKey, SettledKeys } from './SettledKeys.js'

export interface MemoryStoreOptions {
  /** Keys at work and answers kept whole, at most. Integer ≥ 1. @default 10_000 */
  maxEntries?: number
  /** Bytes of all answers together. > 0. @default 64 MiB */
  maxBytes?: number
  /**
   * Keys remembered within their window, those included whose answer made room for others. Integer ≥ `maxEntries`.
   * About 500 bytes each at most. @default 10 × maxEntries
   */
  maxKeys?: number
  /** A clock that never goes back, in milliseconds. @default performance.now */
  now?: () => number
}

const NEW: Found = { kind: 'new' }

/**
 * The store of a single process. Its memory is bounded and a claim costs the same however many keys are held: a full store
 * lets go of its oldest answers but not of their keys (a duplicate is refused then), and never of a key at work. When it may
 * hold no further key it takes none.
 */
export class MemoryStore implements IdempotencyStore {
  readonly isInProcess = true
  readonly #keys = new Map<string, KnownKey>()
  readonly #settled: SettledKeys
  readonly #maxEntries: number
  readonly #maxKeys: number
  readonly #now: () => number
  /** How many of the keys have no outcome. */
  #atWork = 0

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
    this.#settled = new SettledKeys({ maxBytes, forget: (key) => this.#forget(key) })
    this.#now = now
  }

  /** What it holds now: keys in all, those with an answer kept whole or at work, and the bytes of the answers. */
  get size(): { keys: number; entries: number; bytes: number } {
    return { keys: this.#keys.size, entries: this.#atWork + this.#settled.answers, bytes: this.#settled.bytes }
  }

  /** @throws {StoreFullError} when it may not forget any key and take none */
  claim(claim: Claim): Found {
    const now = this.#now()
    this.#settled.sweep(now)
    const known = this.#find(claim.id, now)
    if (known !== undefined) return foundOf(known, now)
    this.#makeRoom(now)
    this.#enter(claim, now)
    return NEW
  }

  renew(claim: Claim): boolean {
    const now = this.#now()
    const key = this.#find(claim.id, now) ?? this.#enter(claim, now)
    if (key.claim.owner !== claim.owner || key.outcome !== null) return false
    key.heardAt = now
    return true
  }

  complete(claim: Claim, outcome: Outcome): boolean {
    const now = this.#now()
    const key = this.#find(claim.id, now) ?? this.#enter(claim, now)
    if (key.claim.owner !== claim.owner) return false
    if (key.outcome === null) this.#settle(key, outcome, now)
    return true
  }

  release(claim: Claim): boolean {
    const key = this.#keys.get(claim.id)
    if (key?.outcome !== null || key.claim.owner !== claim.owner) return false
    this.#forget(key)
    return true
  }

  #find(id: string, now: number): KnownKey | undefined {
    const key = this.#keys.get(id)
    return key !== undefined && isWithinWindow(key, now) ? key : undefined
  }

  #enter(claim: Claim, now: number): KnownKey {
    const before = this.#keys.get(claim.id)
    if (before !== undefined) this.#forget(before)
    const key: KnownKey = { claim, heardAt: now, outcome: null, bytes: 0 }
    this.#keys.set(claim.id, key)
    this.#atWork += 1
    return key
  }

  #settle(key: KnownKey, outcome: Outcome, now: number): void {
    key.outcome = outcome
    key.heardAt = now
    this.#atWork -= 1
    this.#settled.add(key)
    this.#settled.letGoOfAnswers(this.#maxEntries - this.#atWork)
  }

  /** Unless the place is another's by now. */
  #forget(key: KnownKey): void {
    if (this.#keys.get(key.claim.id) !== key) return
    this.#keys.delete(key.claim.id)
    if (key.outcome === null) this.#atWork -= 1
  }

  #makeRoom(now: number): void {
    if (this.#isFull() && this.#settled.sweepAll(now)) this.#forgetTheSilent(now)
    if (this.#isFull()) throw new StoreFullError(this.#whyFull())
    this.#settled.letGoOfAnswers(this.#maxEntries - this.#atWork - 1)
  }

  #isFull(): boolean {
    return this.#atWork >= this.#maxEntries || this.#keys.size >= this.#maxKeys
  }

  /** Those whose owners were silent for all of their window. */
  #forgetTheSilent(now: number): void {
    for (const key of this.#keys.values()) if (!isWithinWindow(key, now)) this.#forget(key)
  }

  #whyFull(): string {
    if (this.#atWork >= this.#maxEntries) return `MemoryStore: ${this.#atWork} requests are at work, which is all that maxEntries allows`
    return `MemoryStore: ${this.#keys.size} keys are within their window, which is all that maxKeys allows. Raise it, shorten windowMs, or take RedisStore.`
  }
}

function foundOf({ claim, heardAt, outcome }: KnownKey, now: number): Found {
  const { fingerprint, owner } = claim
  if (outcome !== null) return { ...outcome, fingerprint }
  return { kind: 'pending', fingerprint, owner, isAlive: now < heardAt + claim.leaseMs }
}
