import type { Claim, Outcome } from './IdempotencyStore.js'

/** A key within its window. */
export interface KnownKey {
  readonly claim: Claim
  /** When its owner was last heard of, or ended. */
  heardAt: number
  /** Null while its request is at work. */
  outcome: Outcome | null
  /** What its answer weighs; 0 while there is none, and once it was let go of. */
  bytes: number
}

/** What an entry weighs beside its body: key, fingerprint, headers and the map's own, measured and rounded up. */
const ENTRY_BYTES = 1_024
/** Each claim clears away at most this many, so that no single request pays for all. */
const SWEEP_PER_CLAIM = 4
/** Looking through everything costs a while, so a full store does it this often at most, in milliseconds. */
const SWEEP_ALL_EVERY_MS = 1_000

export interface SettledKeysOptions {
  /** Bytes of all answers together. */
  maxBytes: number
  /** Told of each key whose window ended. */
  forget: (key: KnownKey) => void
}

/** The keys whose requests ended, in the order of their ends: with one window for all, the first is the first to go. */
export class SettledKeys {
  readonly #maxBytes: number
  readonly #forget: (key: KnownKey) => void
  /** `#line[#head]` is the oldest key; everything before `#whole` has let go of its answer. */
  #line: KnownKey[] = []
  #head = 0
  #whole = 0
  #answers = 0
  #bytes = 0
  #sweptAllAt = Number.NEGATIVE_INFINITY

  constructor({ maxBytes, forget }: SettledKeysOptions) {
    this.#maxBytes = maxBytes
    this.#forget = forget
  }

  /** Those whose answer is kept. */
  get answers(): number {
    return this.#answers
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Takes a key with its outcome. */
  add(key: KnownKey): void {
    this.#line.push(key)
    if (key.outcome?.kind !== 'answered') return
    key.bytes = Buffer.byteLength(key.outcome.answer.body) + ENTRY_BYTES
    this.#answers += 1
    this.#bytes += key.bytes
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
      if (oldest === undefined || isWithinWindow(oldest, now)) break
      this.#clear(oldest)
      this.#head += 1
    }
    if (this.#head > 1_024 && this.#head * 2 > this.#line.length) this.#shift()
  }

  /** Clears away every key whose window ended. False when that was done a moment ago, and is not done again. */
  sweepAll(now: number): boolean {
    if (now - this.#sweptAllAt < SWEEP_ALL_EVERY_MS) return false
    this.#sweptAllAt = now
    const kept: KnownKey[] = []
    for (const key of this.#line.slice(this.#head)) {
      if (isWithinWindow(key, now)) kept.push(key)
      else this.#clear(key)
    }
    this.#line = kept
    this.#head = 0
    this.#whole = kept.findIndex(({ bytes }) => bytes > 0)
    if (this.#whole < 0) this.#whole = kept.length
    return true
  }

  #shift(): void {
    this.#line = this.#line.slice(this.#head)
    this.#whole = Math.max(0, this.#whole - this.#head)
    this.#head = 0
  }

  #clear(key: KnownKey): void {
    this.#letGo(key)
    this.#forget(key)
  }

  #letGo(key: KnownKey): void {
    if (key.bytes === 0) return
    if (key.outcome?.kind === 'answered') key.outcome = { kind: 'not-kept', status: key.outcome.answer.status }
    this.#answers -= 1
    this.#bytes -= key.bytes
    key.bytes = 0
  }
}

export function isWithinWindow({ heardAt, claim }: KnownKey, now: number): boolean {
  return heardAt + claim.windowMs > now
}
