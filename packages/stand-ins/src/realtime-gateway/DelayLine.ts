import type { Clock } from '../time/Clock.js'

/**
 * Hands items on after a delay, in the order they came, also when the delay shrinks meanwhile: a
 * change never overtakes an earlier one.
 */
export class DelayLine<Item> {
  readonly #clock: Clock
  readonly #handOn: (item: Item) => void
  readonly #waiting: { item: Item; dueAt: number }[] = []
  #cancel: (() => void) | null = null

  constructor(clock: Clock, handOn: (item: Item) => void) {
    this.#clock = clock
    this.#handOn = handOn
  }

  /** Without a delay, and nothing waiting, it is handed on at once. */
  push(item: Item, delayMs: number): void {
    if (delayMs === 0 && this.#waiting.length === 0) {
      this.#handOn(item)
      return
    }
    this.#waiting.push({ item, dueAt: this.#clock.now() + delayMs })
    if (this.#cancel === null) this.#arm()
  }

  /** Forgets what waits. */
  clear(): void {
    this.#cancel?.()
    this.#cancel = null
    this.#waiting.length = 0
  }

  #arm(): void {
    const [first] = this.#waiting
    this.#cancel = first === undefined ? null : this.#clock.after(Math.max(0, first.dueAt - this.#clock.now()), () => this.#flush())
  }

  #flush(): void {
    const now = this.#clock.now()
    for (let first = this.#waiting[0]; first !== undefined && first.dueAt <= now; first = this.#waiting[0]) {
      this.#waiting.shift()
      this.#handOn(first.item)
    }
    this.#arm()
  }
}
