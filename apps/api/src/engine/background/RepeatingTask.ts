export interface RepeatingTaskOptions {
  /** From the end of one turn to the begin of the next, in milliseconds. */
  everyMs: number
  turn: (signal: AbortSignal) => Promise<void>
  onError: (error: unknown) => void
}

/** Work that no request waits for, one turn after the other. A failed turn is reported and the next one comes. */
export class RepeatingTask {
  readonly #options: RepeatingTaskOptions
  readonly #stopping = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #turning: Promise<void> = Promise.resolve()

  constructor(options: RepeatingTaskOptions) {
    this.#options = options
  }

  start(): this {
    this.#plan()
    return this
  }

  /** Begins no further turn; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    clearTimeout(this.#timer)
    await this.#turning
  }

  #plan(): void {
    if (this.#stopping.signal.aborted) return
    this.#timer = setTimeout(() => {
      this.#turning = this.#options
        .turn(this.#stopping.signal)
        .catch(this.#options.onError)
        .finally(() => this.#plan())
    }, this.#options.everyMs)
    // What is left to do waits in the database; it is no reason to keep a process alive.
    this.#timer.unref()
  }
}
