import { isForeignFingerprint, isSameRequest } from './fingerprint.js'
import type { BeginResult, IdempotencyStore, StoredAnswer } from './IdempotencyStore.js'

export interface MemoryStoreOptions {
  /** Keys held at most. Integer ≥ 1. @default 10_000 */
  maxEntries?: number
  /** Bytes held at most, counted as body plus about 1 kB an answer. > 0. @default 64 MiB */
  maxBytes?: number
  /** Milliseconds that only grow. @default performance.now */
  now?: () => number
}

interface Pending {
  fingerprint: string
  owner: string
  expiresAt: number
}

interface Completed {
  fingerprint: string
  answer: StoredAnswer
  bytes: number
  expiresAt: number
}

// What an entry costs beside its body: key, fingerprint, headers and the map's own bookkeeping, measured and rounded up.
const ENTRY_BYTES = 1_024
// Each claim clears away at most this many expired answers, so that no single request pays for all of them.
const SWEEP_PER_CLAIM = 4

/**
 * The store of a single process. Claims cost the same however many keys are held; a full store forgets
 * its oldest answers (the ledger still has them) and never a pending claim.
 */
export class MemoryStore implements IdempotencyStore {
  readonly #pending = new Map<string, Pending>()
  /** In order of completion, so the head is the first to expire and the first to go. */
  readonly #completed = new Map<string, Completed>()
  readonly #maxEntries: number
  readonly #maxBytes: number
  readonly #now: () => number
  /**
   * Walks `#completed` from its head and stays where it is: a new iterator would step over every entry
   * deleted at the head since the map last rehashed, which makes a full store slow.
   */
  #walk = this.#completed.entries()
  #head: [string, Completed] | undefined
  #bytes = 0

  /** @throws {RangeError} when a bound is not above 0 */
  constructor({ maxEntries = 10_000, maxBytes = 64 * 1024 * 1024, now = () => performance.now() }: MemoryStoreOptions = {}) {
    if (!(maxEntries >= 1)) throw new RangeError(`MemoryStore: maxEntries must be at least 1, received ${maxEntries}`)
    if (!(maxBytes > 0)) throw new RangeError(`MemoryStore: maxBytes must be above 0, received ${maxBytes}`)
    this.#maxEntries = maxEntries
    this.#maxBytes = maxBytes
    this.#now = now
  }

  /** Keys and bytes held now. */
  get size(): { entries: number; bytes: number } {
    return { entries: this.#pending.size + this.#completed.size, bytes: this.#bytes }
  }

  async begin(id: string, claim: { fingerprint: string; owner: string; leaseMs: number }): Promise<BeginResult> {
    const now = this.#now()
    this.#sweep(now)
    return this.#findCompleted(id, claim.fingerprint, now) ?? this.#findPending(id, claim.fingerprint, now) ?? this.#claim(id, claim, now)
  }

  async complete(id: string, { owner, answer, windowMs }: { owner: string; answer: StoredAnswer; windowMs: number }): Promise<boolean> {
    const pending = this.#owned(id, owner)
    if (pending === undefined) return false
    this.#pending.delete(id)
    this.#remember(id, {
      fingerprint: pending.fingerprint,
      answer,
      bytes: answer.body.length + ENTRY_BYTES,
      expiresAt: this.#now() + windowMs,
    })
    return true
  }

  async renew(id: string, { owner, leaseMs }: { owner: string; leaseMs: number }): Promise<boolean> {
    const pending = this.#owned(id, owner)
    if (pending === undefined) return false
    pending.expiresAt = this.#now() + leaseMs
    return true
  }

  async release(id: string, { owner }: { owner: string }): Promise<boolean> {
    return this.#owned(id, owner) !== undefined && this.#pending.delete(id)
  }

  // A lease that ran out is nobody's any more, also when nobody took it over yet.
  #owned(id: string, owner: string): Pending | undefined {
    const pending = this.#pending.get(id)
    return pending?.owner === owner && pending.expiresAt > this.#now() ? pending : undefined
  }

  #findCompleted(id: string, fingerprint: string, now: number): BeginResult | undefined {
    const entry = this.#completed.get(id)
    if (entry === undefined) return undefined
    if (entry.expiresAt <= now) {
      this.#forget(id, entry)
      return undefined
    }
    if (!isSameRequest(entry.fingerprint, fingerprint)) return { kind: 'mismatch' }
    return { kind: 'completed', answer: entry.answer, foreignFingerprint: isForeignFingerprint(entry.fingerprint) }
  }

  #findPending(id: string, fingerprint: string, now: number): BeginResult | undefined {
    const entry = this.#pending.get(id)
    if (entry === undefined || entry.expiresAt <= now) return undefined
    if (!isSameRequest(entry.fingerprint, fingerprint)) return { kind: 'mismatch' }
    return { kind: 'pending', remainingMs: entry.expiresAt - now }
  }

  #claim(id: string, claim: { fingerprint: string; owner: string; leaseMs: number }, now: number): BeginResult {
    if (!this.#pending.has(id)) this.#makeRoom(now)
    this.#pending.set(id, { fingerprint: claim.fingerprint, owner: claim.owner, expiresAt: now + claim.leaseMs })
    return { kind: 'new' }
  }

  #makeRoom(now: number): void {
    while (this.#pending.size + this.#completed.size >= this.#maxEntries) {
      if (!this.#forgetOldest() && !this.#forgetLapsedClaim(now))
        throw new Error(`MemoryStore: ${this.#pending.size} claims are pending, which is all it may hold`)
    }
  }

  #remember(id: string, entry: Completed): void {
    if (entry.bytes > this.#maxBytes) return
    while (this.#bytes + entry.bytes > this.#maxBytes) this.#forgetOldest()
    this.#completed.set(id, entry)
    this.#bytes += entry.bytes
  }

  #forgetOldest(): boolean {
    const oldest = this.#oldest()
    if (oldest === undefined) return false
    this.#forget(...oldest)
    return true
  }

  #oldest(): [string, Completed] | undefined {
    while (this.#completed.size > 0) {
      if (this.#head !== undefined && this.#completed.get(this.#head[0]) === this.#head[1]) return this.#head
      const next = this.#walk.next()
      if (next.done) this.#walk = this.#completed.entries()
      this.#head = next.done ? undefined : next.value
    }
    this.#head = undefined
    return undefined
  }

  #forgetLapsedClaim(now: number): boolean {
    for (const [id, { expiresAt }] of this.#pending) {
      if (expiresAt <= now) return this.#pending.delete(id)
    }
    return false
  }

  #sweep(now: number): void {
    for (let left = SWEEP_PER_CLAIM; left > 0; left -= 1) {
      const oldest = this.#oldest()
      if (oldest === undefined || oldest[1].expiresAt > now) return
      this.#forget(...oldest)
    }
  }

  #forget(id: string, entry: Completed): void {
    this.#completed.delete(id)
    this.#bytes -= entry.bytes
  }
}
