import { RedisUnavailableError } from './RedisUnavailableError.js'

/** A reply that somebody waits for. */
interface Awaited {
  readonly dueAt: number
  readonly giveUp: () => void
}

/**
 * How long a reply may take: whoever waits longer is told that Redis is away. One timer for all replies, which are waited for
 * in the order in which their time runs out; one for each costs a good part of what the command does.
 */
export class ReplyLimit {
  readonly #limitMs: number
  readonly #onLate: () => void
  /** By their numbers, since an object as a key costs as much as a timer. The first is the first to run out of time. */
  readonly #awaited = new Map<number, Awaited>()
  #count = 0
  #timer: NodeJS.Timeout | null = null

  /** @param onLate called for each reply that is given up */
  constructor(limitMs: number, onLate: () => void) {
    this.#limitMs = limitMs
    this.#onLate = onLate
  }

  /** The reply, or a rejection with `RedisUnavailableError`. */
  watch(reply: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(new RedisUnavailableError(`Redis did not answer within ${this.#limitMs} ms`))
      this.#count += 1
      const number = this.#count
      this.#awaited.set(number, { dueAt: performance.now() + this.#limitMs, giveUp })
      this.#timer ??= this.#lookIn(this.#limitMs)
      reply.then(
        (value) => {
          this.#awaited.delete(number)
          resolve(value)
        },
        (error) => {
          this.#awaited.delete(number)
          reject(error)
        },
      )
    })
  }

  // While somebody waits the connection keeps the process alive, and afterwards nothing should.
  #lookIn(delayMs: number): NodeJS.Timeout {
    // When this process was busy the reply may already wait to be read: it is read before `setImmediate` runs.
    return setTimeout(() => setImmediate(() => this.#look()), delayMs).unref()
  }

  #look(): void {
    this.#timer = null
    const now = performance.now()
    for (const [number, { dueAt, giveUp }] of this.#awaited) {
      if (dueAt > now) {
        this.#timer = this.#lookIn(dueAt - now)
        return
      }
      this.#awaited.delete(number)
      this.#onLate()
      giveUp()
    }
  }
}
