/** Time as the core sees it; nothing outside adapters asks the machine. */
export interface Clock {
  /** Wall clock, epoch milliseconds. May step in either direction. */
  now(): number
  /** Runs `callback` once after `delayMs` (≥ 0). Returns a function that cancels it; cancelling twice is harmless. */
  setTimer(callback: () => void, delayMs: number): () => void
}
