/** Time as the stand-ins see it, so that tests advance it by hand. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /**
   * Runs `task` once, `delayMs` from now. A delay of 0 still runs it later, never at once.
   * @returns cancels it; harmless after it ran
   */
  after(delayMs: number, task: () => void): () => void
}

/** The machine's own time. Its timers keep no process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
