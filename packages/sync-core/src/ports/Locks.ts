export interface LockRequest {
  /** Do not wait: run at once with `held: false` when someone else has it. */
  ifAvailable?: boolean
  /** Take it from whoever holds it; the former holder's `request` rejects with an AbortError. */
  steal?: boolean
  /** Stops waiting; the `request` then rejects with an AbortError. */
  signal?: AbortSignal
}

/** Exclusive named locks over all tabs of the browser, freed when their tab dies (Web Locks). */
export interface Locks {
  /** False: the browser has none. Then `ifAvailable` always runs with `held: false` and nothing else is ever granted. */
  readonly available: boolean
  /** Runs `run` while holding `name` and resolves with what it returns. */
  request<T>(name: string, options: LockRequest, run: (held: boolean) => Promise<T>): Promise<T>
}
