import type { Permit } from '../identity/UserApi.js'
import type { Single } from '../mutation/MutationRecord.js'

/** Claimed before there is a place for them, so that a fast server need not wait for storage. */
const MOST_AHEAD = 28

/** A mutation written as `sending`, and the leave to send it. */
export interface Claim {
  record: Single<'sending'>
  permit: Permit
}

/** The places on the network: who has one, who gets the next, and how many more are worth claiming. */
export class SendSlots {
  readonly #taken = new Set<string>()
  readonly #next: Claim[] = []
  #ahead = 0
  #isQuick = false

  /** How many more may be claimed. @param atOnce requests at once */
  free(atOnce: number): number {
    return atOnce + this.#ahead - this.#taken.size - this.#next.length
  }

  add(claims: readonly Claim[]): void {
    // The network had nothing to do while storage wrote: from now on a few more are claimed at once.
    const wasIdle = this.#taken.size + this.#next.length === 0
    if (wasIdle && this.#isQuick) this.#ahead = Math.min(MOST_AHEAD, this.#ahead + claims.length)
    this.#next.push(...claims)
  }

  /** The next one to be sent, with a place; undefined when there is none of either. */
  take(atOnce: number): Claim | undefined {
    const claim = this.#taken.size < atOnce ? this.#next.shift() : undefined
    if (claim !== undefined) this.#taken.add(claim.record.id)
    return claim
  }

  /** @param isQuick it succeeded, and at once; without it: nothing is known of an answer */
  leave(id: string, isQuick = this.#isQuick): void {
    this.#taken.delete(id)
    this.#isQuick = isQuick
  }

  /** Gives up those without a place, and the wish for more of them. */
  clear(): Single<'sending'>[] {
    this.#ahead = 0
    return this.#next.splice(0).map(({ record }) => record)
  }
}
