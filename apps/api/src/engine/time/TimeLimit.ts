/** One that waits: a link of a ring, so that it leaves from anywhere without a search, and without a map that is made anew all the time. */
class Waiting {
  dueAt: number
  giveUp: ((late: Error) => void) | null
  before: Waiting = this
  after: Waiting = this

  constructor(dueAt: number, giveUp: ((late: Error) => void) | null) {
    this.dueAt = dueAt
    this.giveUp = giveUp
  }
}

/**
 * How long each of many may take: whoever waits longer is told so. One timer for all, which are waited for in the order in
 * which their time runs out; one for each costs a good part of what a command does.
 */
export class TimeLimit {
  readonly #limitMs: number
  readonly #late: () => Error
  /** Behind it stands the first to run out of time, in front of it the last. */
  readonly #ring = new Waiting(0, null)
  #timer: NodeJS.Timeout | null = null

  /** @param late what is told, made for each that is given up */
  constructor(limitMs: number, late: () => Error) {
    this.#limitMs = limitMs
    this.#late = late
  }

  /** Calls `giveUp`, which must not throw, unless `end` is told in time. */
  begin(giveUp: (late: Error) => void): Waiting {
    const waiting = new Waiting(performance.now() + this.#limitMs, giveUp)
    const last = this.#ring.before
    waiting.before = last
    waiting.after = this.#ring
    last.after = waiting
    this.#ring.before = waiting
    this.#timer ??= this.#lookIn(this.#limitMs)
    return waiting
  }

  /** False when it was given up, or ended, before. */
  end(waiting: Waiting): boolean {
    if (waiting.giveUp === null) return false
    waiting.giveUp = null
    waiting.before.after = waiting.after
    waiting.after.before = waiting.before
    // What is old and dead already would keep its neighbours alive through every small garbage collection.
    waiting.before = waiting
    waiting.after = waiting
    return true
  }

  /** What `work` comes to, or a rejection with `late`. */
  watch<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiting = this.begin(reject)
      work.then(
        (value) => {
          this.end(waiting)
          resolve(value)
        },
        (error) => {
          this.end(waiting)
          reject(error)
        },
      )
    })
  }

  // What is waited for (a connection, a request) keeps the process alive, and nothing else should.
  #lookIn(delayMs: number): NodeJS.Timeout {
    // When this process was busy the answer may already wait to be read: it is read before `setImmediate` runs.
    return setTimeout(() => setImmediate(() => this.#look()), delayMs).unref()
  }

  #look(): void {
    this.#timer = null
    const now = performance.now()
    for (let first = this.#ring.after; first !== this.#ring; first = this.#ring.after) {
      if (first.dueAt > now) {
        this.#timer = this.#lookIn(first.dueAt - now)
        return
      }
      const { giveUp } = first
      this.end(first)
      giveUp?.(this.#late())
    }
  }
}
