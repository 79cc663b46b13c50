import type { Store } from 'express-rate-limit'
import type { Caller, Refusal } from '../ledger/ActionCall.js'

const MINUTE_MS = 60_000

/** Bounds how often one person carries an action out. Asked after idempotency, so that replays cost nothing. */
export class ActionQuota {
  readonly #perMinute: number
  readonly #store: Store

  constructor({ perMinute, store }: { perMinute: number; store: Store }) {
    this.#perMinute = perMinute
    this.#store = store
    store.init?.({ windowMs: MINUTE_MS } as Parameters<NonNullable<Store['init']>>[0])
  }

  /** Takes one; null when it was left, else why not and when to come again. */
  async take(caller: Caller): Promise<Refusal | null> {
    const { totalHits, resetTime } = await this.#store.increment(keyOf(caller))
    if (totalHits <= this.#perMinute) return null
    return { code: 'RATE_LIMITED', retryAfterMs: Math.max(1_000, (resetTime?.getTime() ?? 0) - Date.now()) }
  }

  /** Gives one back: nothing was carried out for it. */
  async giveBack(caller: Caller): Promise<void> {
    await this.#store.decrement(keyOf(caller))
  }
}

function keyOf({ tenant, actor }: Caller): string {
  return `${tenant.length}:${tenant}${actor}`
}
