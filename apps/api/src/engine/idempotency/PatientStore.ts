import { TimeLimit } from '../time/TimeLimit.js'
import type { Claim, Found, IdempotencyStore, MaybeLater, Outcome } from './IdempotencyStore.js'
import { keepTrying } from './keepTrying.js'
import { requireFound } from './requireFound.js'
import { StoreSilentError } from './StoreSilentError.js'

/** An answer is kept within a minute, or not at all: until then duplicates get it from this process. */
const KEEP_AGAIN_MS = [100, 500, 2_000, 5_000, 15_000, 30_000]
/** A claim of which nobody knows whether it arrived may still be on its way when it is withdrawn first. */
const WITHDRAW_AGAIN_MS = [250, 1_000, 5_000, 15_000, 60_000]

/** What became of asking for a key; `failed`: nobody knows whether it was claimed. */
export type Asked = Found | { kind: 'failed'; error: unknown }

export interface PatientStoreOptions {
  /** Longest a verb may take, in milliseconds. */
  patienceMs: number
  /** Told of each verb that failed or took too long. Must not throw. */
  onError: (verb: keyof IdempotencyStore, error: unknown) => void
}

/**
 * A store whose failures end nowhere but in `onError`, and whose silence ends: what has to reach it is tried again for a while.
 * Whoever waits is called back rather than given a promise, since each promise on the way of a new key counts.
 */
export class PatientStore {
  readonly #store: IdempotencyStore
  readonly #onError: PatientStoreOptions['onError']
  readonly #limit: TimeLimit

  constructor(store: IdempotencyStore, { patienceMs, onError }: PatientStoreOptions) {
    this.#store = store
    this.#onError = onError
    this.#limit = new TimeLimit(patienceMs, () => new StoreSilentError(patienceMs))
  }

  /** Asks once, since a request waits for it. Null where the store needs time: `whenLater`, which must not throw, hears of it then. */
  claim(claim: Claim, whenLater: (asked: Asked) => void): Asked | null {
    try {
      const found = this.#store.claim(claim)
      if (!(found instanceof Promise)) return requireFound(found)
      this.#claimLater(found, claim, whenLater)
      return null
    } catch (error) {
      return this.#claimFailed(error)
    }
  }

  /** Tries once: the next beat is another try. */
  renew(claim: Claim): void {
    void keepTrying(() => this.#inTime(this.#store.renew(claim)), { delaysMs: [], onError: (error) => this.#onError('renew', error) })
  }

  /** Keeps how it ended. `whenDone`, which must not throw, is called once that stands in the store, or was given up. */
  complete(claim: Claim, outcome: Outcome, whenDone: () => void): void {
    const again = (error: unknown) => this.#completeAgain({ claim, outcome, whenDone }, error)
    let kept: MaybeLater<boolean>
    try {
      kept = this.#store.complete(claim, outcome)
    } catch (error) {
      again(error)
      return
    }
    if (kept instanceof Promise) this.#completeLater(kept, whenDone, again)
    else whenDone()
  }

  /** Gives back a key whose handler was not entered, also when nobody knows whether it was ever claimed. */
  withdraw(claim: Claim): void {
    const onError = (error: unknown) => this.#onError('release', error)
    void keepTrying(() => this.#inTime(this.#store.release(claim)), { delaysMs: WITHDRAW_AGAIN_MS, onError })
  }

  #claimLater(found: Promise<Found>, claim: Claim, whenLater: (asked: Asked) => void): void {
    const turn = this.#limit.begin((late) => whenLater(this.#claimFailed(late)))
    found.then(
      (later) => {
        if (this.#limit.end(turn)) whenLater(this.#checked(later))
        // It was refused long ago.
        else if (later?.kind === 'new') this.withdraw(claim)
      },
      (error) => {
        if (this.#limit.end(turn)) whenLater(this.#claimFailed(error))
      },
    )
  }

  #checked(found: Found): Asked {
    try {
      return requireFound(found)
    } catch (error) {
      return this.#claimFailed(error)
    }
  }

  #claimFailed(error: unknown): Asked {
    this.#onError('claim', error)
    return { kind: 'failed', error }
  }

  #completeLater(kept: Promise<boolean>, whenDone: () => void, again: (error: unknown) => void): void {
    const turn = this.#limit.begin(again)
    kept.then(
      () => {
        if (this.#limit.end(turn)) whenDone()
      },
      (error) => {
        if (this.#limit.end(turn)) again(error)
      },
    )
  }

  #completeAgain({ claim, outcome, whenDone }: { claim: Claim; outcome: Outcome; whenDone: () => void }, failure: unknown): void {
    const onError = (error: unknown) => this.#onError('complete', error)
    onError(failure)
    const keep = () => this.#inTime(this.#store.complete(claim, outcome))
    void keepTrying(keep, { delaysMs: KEEP_AGAIN_MS, onError }).then(whenDone)
  }

  #inTime<T>(answer: MaybeLater<T>): MaybeLater<T> {
    return answer instanceof Promise ? this.#limit.watch(answer) : answer
  }
}
