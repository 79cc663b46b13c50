/** One of them at most: the platform refuses both together. */
export interface LockRequest {
  /** Take it from whoever holds it; the former holder's `request` rejects with an AbortError. */
  steal?: boolean
  /** Stops waiting; the `request` then rejects with an AbortError. */
  signal?: AbortSignal
}

/** Exclusive named locks over all tabs of the browser, freed when their tab dies (Web Locks). */
export interface Locks {
  /** False: the browser has none, or has refused one, and nothing is ever granted. */
  readonly available: boolean
  /** Runs `run` while holding `name` and resolves with what it returns. */
  request<T>(name: string, options: LockRequest, run: () => Promise<T>): Promise<T>
}
