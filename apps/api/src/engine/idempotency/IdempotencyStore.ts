/** A finished answer, ready to be sent again byte by byte. */
export interface StoredAnswer {
  status: number
  /** The replayable headers only; names in lower case. */
  headers: Readonly<Record<string, string>>
  body: Buffer
}

/** What a claim found. */
export type BeginResult =
  /** Nobody holds the key (or the holder's lease ran out): it is now ours. */
  | { kind: 'new' }
  /** The key is known with another fingerprint. Checked before everything else. */
  | { kind: 'mismatch' }
  /** Finished within the window. `foreignFingerprint`: it was stored under a fingerprint version this code does not know. */
  | { kind: 'completed'; answer: StoredAnswer; foreignFingerprint: boolean }
  /** Someone else's lease still runs. */
  | { kind: 'pending'; remainingMs: number }

/**
 * The fast path in front of the ledger. It saves database round trips and never decides anything the
 * ledger would decide differently: losing all of it makes the API slower, not wrong. So each verb may
 * reject, and callers then go on with the ledger alone. Each settles soon and by itself (`begin` within
 * 150 ms, the others within 50 ms): an answer waits for it.
 */
export interface IdempotencyStore {
  /**
   * Claims `id` in one atomic step, expiry included: of any number of concurrent callers exactly one
   * gets `new`.
   */
  begin(id: string, claim: { fingerprint: string; owner: string; leaseMs: number }): Promise<BeginResult>
  /** Pending → completed, only by its owner; the window starts now. False when the claim is no longer the owner's. */
  complete(id: string, completion: { owner: string; answer: StoredAnswer; windowMs: number }): Promise<boolean>
  /** Extends the lease from now, only for its owner. */
  renew(id: string, lease: { owner: string; leaseMs: number }): Promise<boolean>
  /** Pending → absent, only by its owner, and only when a second arrival can do no harm. */
  release(id: string, claim: { owner: string }): Promise<boolean>
}
