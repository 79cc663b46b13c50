import type { Clock } from '../time/Clock.js'

// The real server's: counted in ticks, averaged over a minute at most.
const TICK_MS = 5_000
const MOST_TICKS = 12

/** How many things happen a second, on average of the last minute. */
export class RateCounter {
  readonly #clock: Clock
  readonly #perSecond: number
  readonly #ticks = new Map<number, number>()
  readonly #start: number

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock
    this.#perSecond = perSecond
    this.#start = this.#tick()
  }

  add(count = 1): void {
    if (this.#perSecond === Number.POSITIVE_INFINITY) return
    const tick = this.#tick()
    this.#ticks.set(tick, (this.#ticks.get(tick) ?? 0) + count)
    for (const old of this.#ticks.keys()) if (old <= tick - MOST_TICKS) this.#ticks.delete(old)
  }

  /** True while the average is above what is allowed. The tick that runs counts once it is over, as with the real server. */
  get isAbove(): boolean {
    if (this.#perSecond === Number.POSITIVE_INFINITY) return false
    const now = this.#tick()
    const length = Math.min(MOST_TICKS, now - this.#start)
    let count = 0
    for (const [tick, of] of this.#ticks) if (tick < now && tick >= now - length) count += of
    return length > 0 && count / (length * (TICK_MS / 1_000)) > this.#perSecond
  }

  #tick(): number {
    return Math.floor(this.#clock.now() / TICK_MS)
  }
}
