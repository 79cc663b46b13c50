import { atMost } from '../time/atMost.js'
import type { Claim } from './IdempotencyStore.js'
import type { Ending } from './judgeFound.js'

/** A key that a request of this process is at work on. Nearly always nobody joins, so a promise is made only for who does. */
export class Flight {
  readonly owner: string
  readonly fingerprint: string
  #ending: Ending | undefined
  #joined: ((ending: Ending) => void)[] | null = null

  constructor({ owner, fingerprint }: Claim) {
    this.owner = owner
    this.fingerprint = fingerprint
  }

  /** What duplicates are told; null when that takes longer than `limitMs`. Never rejects. */
  join(limitMs: number): Promise<Ending | null> {
    if (this.#ending !== undefined) return Promise.resolve(this.#ending)
    const landed = new Promise<Ending>((resolve) => {
      this.#joined ??= []
      this.#joined.push(resolve)
    })
    return atMost(landed, limitMs)
  }

  land(ending: Ending): void {
    this.#ending = ending
    for (const resolve of this.#joined ?? []) resolve(ending)
    this.#joined = null
  }
}
