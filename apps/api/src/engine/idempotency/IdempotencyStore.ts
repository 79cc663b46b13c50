/** A finished answer, ready to be sent again byte by byte. */
export interface StoredAnswer {
  status: number
  /** What a replay repeats; names in lower case. A list where a name stands several times. */
  headers: Readonly<Record<string, string | readonly string[]>>
  /** A text stands for its bytes in UTF-8. */
  body: string | Buffer
}

/** How a handler ended. */
export type Outcome =
  | { kind: 'answered'; answer: StoredAnswer }
  /** It gave an answer whose bytes are not kept: they were too many, or made room for others. */
  | { kind: 'not-kept'; status: number }

/** One request's hold on a key: made once a request, and what every verb is called with. */
export interface Claim {
  /** Whose key it is, and the key. */
  readonly id: string
  /** Of the request; whoever comes with another one asks for something else. A hash, unless the store `isInProcess`. */
  readonly fingerprint: string
  /** Names the request; no other one ever has it. */
  readonly owner: string
  /** How long its owner counts as alive without a further sign, in milliseconds. */
  readonly leaseMs: number
  /** How long the key is remembered after the last sign of its owner, or after its answer, in milliseconds. */
  readonly windowMs: number
  /** The store's own, which nobody else reads: what it worked out for one verb and needs for the next. */
  workedOut?: unknown
}

/** What a claim found. */
export type Found =
  /** Nobody held the key: it is the claim's now. */
  | { kind: 'new' }
  /** `isAlive`: its owner gave a sign within its lease. One that did not may have done anything, so its key is nobody else's. */
  | { kind: 'pending'; fingerprint: string; owner: string; isAlive: boolean }
  | (Outcome & { fingerprint: string })
  /** Something stands there that cannot be read. */
  | { kind: 'damaged' }

/** A store in memory need not make anybody wait. */
export type MaybeLater<T> = T | Promise<T>

/**
 * Remembers which keys were used and how they ended. A key becomes free again in two ways only: its owner releases it
 * before the handler was entered, or its window ends. No verb takes a key from an owner that fell silent.
 *
 * Every verb is one atomic step, may throw or reject (the middleware then refuses), and settles soon and by itself:
 * within a second or so.
 */
export interface IdempotencyStore {
  /**
   * Whether what it holds never leaves this process. It is told what a request asks for in the request's own words then, where
   * those are few; any other store only ever sees their hash.
   * @default false
   */
  readonly isInProcess?: boolean
  /** Free → the claim's. Of any number of concurrent callers exactly one gets `new`. Changes nothing that stands. */
  claim(claim: Claim): MaybeLater<Found>
  /**
   * The claim's, or free (the store lost it) → the claim's, lease and window from now.
   * False when it is another's or has ended: then it changes nothing.
   */
  renew(claim: Claim): MaybeLater<boolean>
  /**
   * The claim's, or free → ended, the window from now. Doing it twice is the same as once.
   * False when it is another's: then it changes nothing.
   */
  complete(claim: Claim, outcome: Outcome): MaybeLater<boolean>
  /** The claim's → free. False when it is another's, free already, or has ended: then it changes nothing. */
  release(claim: Claim): MaybeLater<boolean>
}

/** A store that may not forget what it holds, and can hold no more. */
export class StoreFullError extends Error {
  override readonly name = 'StoreFullError'
}
