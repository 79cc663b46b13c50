/** One recorded answer, as it goes out again. */
export interface CachedAnswer {
  /** Of the request it answered. */
  fingerprint: string
  status: number
  /** JSON text; the bytes of the first answer. */
  body: string
}

/**
 * The fast copy of finished answers beside the ledger. It holds nothing that the ledger does not, and it is no lock:
 * losing all of it makes the API slower, not wrong. Both verbs may reject and settle soon (within 150 ms).
 */
export interface ReplayCache {
  /** The answer recorded for `id`; null when none is kept, or none that can be read. One round trip. */
  look(id: string): Promise<CachedAnswer | null>
  /** Keeps an answer for the cache's window. Nobody waits for it. */
  put(id: string, answer: CachedAnswer): Promise<void>
}
