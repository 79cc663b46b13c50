import type { Claim, Found, IdempotencyStore, MaybeLater, Outcome } from './IdempotencyStore.js'
import { keepTrying } from './keepTrying.js'
import { requireFound } from './requireFound.js'

/** An answer is kept within a minute, or not at all: until then duplicates get it from this process. */
const KEEP_AGAIN_MS = [100, 500, 2_000, 5_000, 15_000, 30_000]
/** A claim of which nobody knows whether it arrived may still be on its way when it is withdrawn first. */
const WITHDRAW_AGAIN_MS = [250, 1_000, 5_000, 15_000, 60_000]

/** What became of asking for a key; `failed`: nobody knows whether it was claimed. */
export type Asked = Found | { kind: 'failed'; error: unknown }

/** A store whose failures end nowhere but in `onError`: what has to reach it is tried again for a while. */
export class PatientStore {
  readonly #store: IdempotencyStore
  readonly #onError: (verb: keyof IdempotencyStore, error: unknown) => void

  /** @param onError must not throw */
  constructor(store: IdempotencyStore, onError: (verb: keyof IdempotencyStore, error: unknown) => void) {
    this.#store = store
    this.#onError = onError
  }

  /** Asks once, since a request waits for it. Never rejects. */
  claim(claim: Claim): MaybeLater<Asked> {
    try {
      const found = this.#store.claim(claim)
      return found instanceof Promise ? this.#foundLater(found) : requireFound(found)
    } catch (error) {
      return this.#claimFailed(error)
    }
  }

  /** Tries once: the next beat is another try. */
  renew(claim: Claim): void {
    void keepTrying(() => this.#store.renew(claim), { delaysMs: [], onError: (error) => this.#onError('renew', error) })
  }

  /** Keeps how it ended; settled once that stands in the store, or was given up. Never rejects. */
  complete(claim: Claim, outcome: Outcome): MaybeLater<boolean> {
    try {
      const kept = this.#store.complete(claim, outcome)
      return kept instanceof Promise ? kept.catch((error) => this.#completeAgain(claim, outcome, error)) : kept
    } catch (error) {
      return this.#completeAgain(claim, outcome, error)
    }
  }

  /** Gives back a key whose handler was not entered, also when nobody knows whether it was ever claimed. */
  withdraw(claim: Claim): void {
    const onError = (error: unknown) => this.#onError('release', error)
    void keepTrying(() => this.#store.release(claim), { delaysMs: WITHDRAW_AGAIN_MS, onError })
  }

  // Each promise on the way of a new key counts.
  #foundLater(found: Promise<Found>): Promise<Asked> {
    return found.then(
      (later) => {
        try {
          return requireFound(later)
        } catch (error) {
          return this.#claimFailed(error)
        }
      },
      (error) => this.#claimFailed(error),
    )
  }

  #claimFailed(error: unknown): Asked {
    this.#onError('claim', error)
    return { kind: 'failed', error }
  }

  #completeAgain(claim: Claim, outcome: Outcome, failure: unknown): Promise<boolean> {
    const onError = (error: unknown) => this.#onError('complete', error)
    onError(failure)
    return keepTrying(() => this.#store.complete(claim, outcome), { delaysMs: KEEP_AGAIN_MS, onError })
  }
}
