import type { ClientRateLimitInfo, Options, Store } from 'express-rate-limit'

/**
 * Says how many hits this process counted of what replicas count together, in place of what it said before, and returns the
 * sum of all; it ends by itself. What is said twice counts once: a telling of which nobody knows whether it arrived comes again.
 */
export type ShareHits = (counter: string, hits: number, lifeMs: number) => Promise<number>

export interface SharedHitStoreOptions {
  /** Names this limit's counters among others. */
  prefix: string
  /** Null: every replica counts for itself. */
  share: ShareHits | null
  /** How often hits are told to the others. @default 1_000 */
  everyMs?: number
  now?: () => number
}

interface Hits {
  /** Counted here in this window. */
  own: number
  /** Already told to the others. */
  told: number
  /** Counted by the others, as far as known. */
  others: number
}

/**
 * Counts hits in this process and tells the other replicas once a second. A limit shared by many is
 * then a second late at most, and no request waits for Redis or fails with it.
 */
export class SharedHitStore implements Store {
  readonly localKeys = false
  readonly #options: Required<SharedHitStoreOptions>
  #hits = new Map<string, Hits>()
  #windowMs = 60_000
  #window = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: SharedHitStoreOptions) {
    this.#options = { everyMs: 1_000, now: () => Date.now(), ...options }
  }

  init({ windowMs }: Pick<Options, 'windowMs'>): void {
    this.#windowMs = windowMs
  }

  increment(key: string): ClientRateLimitInfo {
    const hits = this.#hitsOf(key)
    hits.own += 1
    this.#planSharing()
    return this.#info(hits)
  }

  decrement(key: string): void {
    const hits = this.#hitsOf(key)
    hits.own = Math.max(0, hits.own - 1)
  }

  get(key: string): ClientRateLimitInfo {
    return this.#info(this.#hitsOf(key))
  }

  resetKey(key: string): void {
    this.#hits.delete(key)
  }

  shutdown(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Tells the others what was counted here. Failures are left for the next time. */
  async shareNow(): Promise<void> {
    const { share, prefix } = this.#options
    if (share === null) return
    const window = this.#currentWindow()
    const changed = [...this.#hits].filter(([, { own, told }]) => own !== told)
    await Promise.all(
      changed.map(async ([key, hits]) => {
        const { own } = hits
        const sum = await share(`${prefix}${window}:${key}`, own, 2 * this.#windowMs)
        hits.told = own
        hits.others = Math.max(0, sum - own)
      }),
    )
  }

  #info({ own, others }: Hits): ClientRateLimitInfo {
    return { totalHits: own + others, resetTime: new Date((this.#window + 1) * this.#windowMs) }
  }

  #hitsOf(key: string): Hits {
    this.#currentWindow()
    const found = this.#hits.get(key)
    if (found !== undefined) return found
    const hits = { own: 0, told: 0, others: 0 }
    this.#hits.set(key, hits)
    return hits
  }

  // All replicas cut time at the same places, so that they count into the same counters.
  #currentWindow(): number {
    const window = Math.floor(this.#options.now() / this.#windowMs)
    if (window !== this.#window) {
      this.#window = window
      this.#hits = new Map()
    }
    return window
  }

  #planSharing(): void {
    if (this.#options.share === null || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      // Nothing is lost: what was not told stays counted as such and goes with the next hits.
      this.shareNow().catch(() => undefined)
    }, this.#options.everyMs)
    this.#timer.unref()
  }
}
