import type { ServerResponse } from 'node:http'
import { atMost } from '../time/atMost.js'
import type { Claim } from './IdempotencyStore.js'
import type { Ending } from './judgeFound.js'

/** A key that a request of this process is at work on. Nearly always nobody joins, so a promise is made only for who does. */
export class Flight {
  readonly claim: Claim
  /** The answer that its handler works on; null before the handler is entered, and once it gave its answer. */
  res: ServerResponse | null = null
  /** When the handler was entered, by the process' own clock. */
  since = 0
  /** Since when its client has been gone; null while it waits. */
  goneSince: number | null = null
  #ending: Ending | undefined
  #joined: ((ending: Ending) => void)[] | null = null

  constructor(claim: Claim) {
    this.claim = claim
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

  /** Tells who joined; whoever joins from now on is told it too. */
  land(ending: Ending): void {
    this.#ending = ending
    for (const resolve of this.#joined ?? []) resolve(ending)
    this.#joined = null
  }
}
