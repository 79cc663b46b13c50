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
  /** The first is the first to run out of time. */
  readonly #awaited = new Set<Awaited>()
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
      const awaited = { dueAt: performance.now() + this.#limitMs, giveUp }
      this.#awaited.add(awaited)
      this.#timer ??= this.#lookIn(this.#limitMs)
      reply.then(
        (value) => {
          this.#awaited.delete(awaited)
          resolve(value)
        },
        (error) => {
          this.#awaited.delete(awaited)
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
    for (const awaited of this.#awaited) {
      if (awaited.dueAt > now) {
        this.#timer = this.#lookIn(awaited.dueAt - now)
        return
      }
      this.#awaited.delete(awaited)
      this.#onLate()
      awaited.giveUp()
    }
  }
}
