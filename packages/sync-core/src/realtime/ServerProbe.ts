import type { Clock } from '../ports/Clock.js'
import type { Random } from '../ports/Random.js'

export interface ServerProbeOptions {
  /** Resolves once the server has answered something. */
  reached: Promise<void>
  /** Asks the server for anything. May reject. */
  probe: () => Promise<unknown>
  clock: Clock
  random: Random
  onReached: () => void
  onFailed: () => void
}

/** Others ask the server at the start, too; so long their answer is waited for. Milliseconds. */
const PATIENCE_MS = 250
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000

/** Finds out when the server can be reached: by whatever it answers to anybody, and by asking where nobody else does. */
export class ServerProbe {
  readonly #options: ServerProbeOptions
  #isReached = false
  #isWanted = false
  #isAsking = false
  #failures = 0
  #cancelTimer = () => {}

  constructor(options: ServerProbeOptions) {
    this.#options = options
    void options.reached.then(() => {
      this.#isReached = true
      this.rest()
      options.onReached()
    })
  }

  get isReached(): boolean {
    return this.#isReached
  }

  /** True when the last question got no answer. */
  get hasFailed(): boolean {
    return this.#failures > 0 && !this.#isReached
  }

  /** From now on, until it is reached or `rest` is called. */
  want(): void {
    if (this.#isReached || this.#isWanted) return
    this.#isWanted = true
    this.#plan(PATIENCE_MS)
  }

  /** Something speaks for it that the server can be reached now. */
  hasten(): void {
    if (this.#isWanted) void this.#ask()
  }

  /** Asks no more, until it is wanted again. */
  rest(): void {
    this.#isWanted = false
    this.#cancelTimer()
  }

  #plan(delayMs: number): void {
    this.#cancelTimer()
    this.#cancelTimer = this.#options.clock.setTimer(() => void this.#ask(), delayMs)
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return
    this.#isAsking = true
    this.#cancelTimer()
    const { probe, random, onFailed } = this.#options
    await probe().catch(() => undefined)
    this.#isAsking = false
    if (this.#isReached || !this.#isWanted) return
    this.#failures += 1
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.#failures - 1, 5))
    this.#plan(pause * (0.5 + random.uniform() / 2))
    onFailed()
  }
}
