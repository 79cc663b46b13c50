import type { Claim, Found, IdempotencyStore, MaybeLater, Outcome } from './IdempotencyStore.js'
import { keepTrying } from './keepTrying.js'

/** An answer is kept within a minute, or not at all: until then duplicates get it from this process. */
const KEEP_AGAIN_MS = [100, 500, 2_000, 5_000, 15_000, 30_000]
/** A claim of which nobody knows whether it arrived may still be on its way when it is withdrawn first. */
const WITHDRAW_AGAIN_MS = [250, 1_000, 5_000, 15_000, 60_000]

/** What became of asking for a key. */
export interface ClaimAnswer {
  found: (found: Found) => void
  failed: (error: unknown) => void
}

/** A store whose failures end nowhere but in `onError`: what has to reach it is tried again for a while. */
export class PatientStore {
  readonly #store: IdempotencyStore
  readonly #onError: (verb: keyof IdempotencyStore, error: unknown) => void

  /** @param onError must not throw */
  constructor(store: IdempotencyStore, onError: (verb: keyof IdempotencyStore, error: unknown) => void) {
    this.#store = store
    this.#onError = onError
  }

  /** Asks once, since a request waits for it. */
  claim(claim: Claim, { found, failed }: ClaimAnswer): void {
    const fail = (error: unknown) => {
      this.#onError('claim', error)
      failed(error)
    }
    let answer: MaybeLater<Found>
    try {
      answer = this.#store.claim(claim)
    } catch (error) {
      fail(error)
      return
    }
    if (answer instanceof Promise) answer.then(found, fail)
    else found(answer)
  }

  /** Tries once: the next beat is another try. */
  renew(claim: Claim): void {
    void keepTrying(() => this.#store.renew(claim), { delaysMs: [], onError: this.#told('renew') })
  }

  /** Keeps how it ended; settled once that stands in the store, or was given up. */
  complete(claim: Claim, outcome: Outcome): MaybeLater<unknown> {
    const onError = this.#told('complete')
    const again = (error: unknown) => {
      onError(error)
      return keepTrying(() => this.#store.complete(claim, outcome), { delaysMs: KEEP_AGAIN_MS, onError })
    }
    try {
      const kept = this.#store.complete(claim, outcome)
      return kept instanceof Promise ? kept.catch(again) : kept
    } catch (error) {
      return again(error)
    }
  }

  /** Gives back a key whose handler was not entered, also when nobody knows whether it was ever claimed. */
  withdraw(claim: Claim): void {
    void keepTrying(() => this.#store.release(claim), { delaysMs: WITHDRAW_AGAIN_MS, onError: this.#told('release') })
  }

  #told(verb: keyof IdempotencyStore): (error: unknown) => void {
    return (error) => this.#onError(verb, error)
  }
}
