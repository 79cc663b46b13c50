import type { BackgroundTask } from './BackgroundTask.js'

export interface RepeatingTaskOptions extends Omit<BackgroundTask, 'name'> {
  onError: (error: unknown) => void
}

/** Work that no request waits for, one turn after the other. A failed turn is reported and the next one comes. */
export class RepeatingTask {
  readonly #options: RepeatingTaskOptions
  readonly #stopping = new AbortController()
  #pauseMs: number
  #timer: NodeJS.Timeout | undefined
  #isTurning = false
  #turning: Promise<void> = Promise.resolve()

  constructor(options: RepeatingTaskOptions) {
    this.#options = options
    this.#pauseMs = options.everyMs
  }

  start(): this {
    this.#options.onWake?.(() => this.#wake())
    this.#plan()
    return this
  }

  /** Begins no further turn; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    clearTimeout(this.#timer)
    await this.#turning
  }

  #wake(): void {
    if (this.#pauseMs === this.#options.everyMs) return
    this.#pauseMs = this.#options.everyMs
    if (this.#isTurning) return
    clearTimeout(this.#timer)
    this.#plan()
  }

  #plan(): void {
    if (this.#stopping.signal.aborted) return
    this.#timer = setTimeout(() => {
      this.#turning = this.#turn().finally(() => this.#plan())
    }, this.#pauseMs)
    // What is left to do waits in the database; it is no reason to keep a process alive.
    this.#timer.unref()
  }

  async #turn(): Promise<void> {
    const { everyMs, idleEveryMs = everyMs, turn, onError } = this.#options
    const pausedMs = this.#pauseMs
    this.#isTurning = true
    try {
      const worked = await turn(this.#stopping.signal)
      // Woken meanwhile, it stays awake.
      if (worked) this.#pauseMs = everyMs
      else if (this.#pauseMs === pausedMs) this.#pauseMs = Math.min(pausedMs * 2, idleEveryMs)
    } catch (error) {
      onError(error)
    } finally {
      this.#isTurning = false
    }
  }
}
