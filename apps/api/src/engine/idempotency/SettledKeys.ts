import type { Claim, Outcome } from './IdempotencyStore.js'

/** A key whose request ended. */
export interface SettledKey {
  readonly id: string
  readonly fingerprint: string
  readonly owner: string
  readonly expiresAt: number
  outcome: Outcome
  bytes: number
}

/** What an entry weighs beside its body: key, fingerprint, headers and the map's own, measured and rounded up. */
const ENTRY_BYTES = 1_024
/** Each claim clears away at most this many, so that no single request pays for all. */
const SWEEP_PER_CLAIM = 4
/** Looking through everything costs a while, so a full store does it this often at most, in milliseconds. */
const SWEEP_ALL_EVERY_MS = 1_000

/** The keys whose requests ended, in the order of their ends: with one window for all, the first is the first to go. */
export class SettledKeys {
  readonly #byId = new Map<string, SettledKey>()
  readonly #maxBytes: number
  /** `#line[#head]` is the oldest key; everything before `#whole` has let go of its answer. */
  #line: SettledKey[] = []
  #head = 0
  #whole = 0
  #answers = 0
  #bytes = 0
  #sweptAllAt = Number.NEGATIVE_INFINITY

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get keys(): number {
    return this.#byId.size
  }

  /** Those whose answer is kept. */
  get answers(): number {
    return this.#answers
  }

  get bytes(): number {
    return this.#bytes
  }

  find(id: string, now: number): SettledKey | undefined {
    const key = this.#byId.get(id)
    return key !== undefined && key.expiresAt > now ? key : undefined
  }

  add({ id, fingerprint, owner, windowMs }: Claim, outcome: Outcome, now: number): void {
    const before = this.#byId.get(id)
    if (before !== undefined) this.#forget(before)
    const bytes = outcome.kind === 'answered' ? Buffer.byteLength(outcome.answer.body) + ENTRY_BYTES : 0
    const key = { id, fingerprint, owner, expiresAt: now + windowMs, outcome, bytes }
    this.#byId.set(id, key)
    this.#line.push(key)
    if (bytes === 0) return
    this.#answers += 1
    this.#bytes += bytes
  }

  /** Lets go of the oldest answers, not of their keys, until `most` are left and their bytes are within bounds. */
  letGoOfAnswers(most: number): void {
    while ((this.#answers > most || this.#bytes > this.#maxBytes) && this.#whole < this.#line.length) {
      const key = this.#line[this.#whole]
      if (key !== undefined) this.#letGo(key)
      this.#whole += 1
    }
  }

  /** Clears away a few keys whose window ended. */
  sweep(now: number): void {
    for (let left = SWEEP_PER_CLAIM; left > 0; left -= 1) {
      const oldest = this.#line[this.#head]
      if (oldest === undefined || oldest.expiresAt > now) break
      this.#forget(oldest)
      this.#head += 1
    }
    if (this.#head > 1_024 && this.#head * 2 > this.#line.length) this.#shift()
  }

  /** Clears away every key whose window ended. Does nothing when that was done a moment ago. */
  sweepAll(now: number): void {
    if (now - this.#sweptAllAt < SWEEP_ALL_EVERY_MS) return
    this.#sweptAllAt = now
    for (const key of this.#line) if (key.expiresAt <= now) this.#forget(key)
    this.#line = this.#line.filter((key) => this.#byId.get(key.id) === key)
    this.#head = 0
    this.#whole = this.#line.findIndex(({ bytes }) => bytes > 0)
    if (this.#whole < 0) this.#whole = this.#line.length
  }

  #shift(): void {
    this.#line = this.#line.slice(this.#head)
    this.#whole = Math.max(0, this.#whole - this.#head)
    this.#head = 0
  }

  #forget(key: SettledKey): void {
    this.#letGo(key)
    if (this.#byId.get(key.id) === key) this.#byId.delete(key.id)
  }

  #letGo(key: SettledKey): void {
    if (key.bytes === 0) return
    if (key.outcome.kind === 'answered') key.outcome = { kind: 'not-kept', status: key.outcome.answer.status }
    this.#answers -= 1
    this.#bytes -= key.bytes
    key.bytes = 0
  }
}
