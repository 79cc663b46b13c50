import { CircuitState, type IBreaker } from 'cockatiel'

export interface WindowBreakerOptions {
  /** Failures inside the window that open the circuit. Integer ≥ 1. */
  threshold: number
  /** Length of the window, in milliseconds. > 0. */
  windowMs: number
  /** Wall clock, epoch ms; the policy around it uses the same. @default Date.now */
  now?: () => number
}

/**
 * Opens after `threshold` failures whose timestamps lie within one window, whatever succeeded between
 * them. Cockatiel's own breakers cannot say that: its sampling breaker needs a rate of calls.
 */
export class WindowBreaker implements IBreaker {
  readonly #threshold: number
  readonly #windowMs: number
  readonly #now: () => number
  #failedAt: number[] = []

  /** @throws {RangeError} when an option is out of range */
  constructor({ threshold, windowMs, now = Date.now }: WindowBreakerOptions) {
    if (!Number.isInteger(threshold) || threshold < 1) {
      throw new RangeError(`WindowBreaker: threshold must be an integer of at least 1, received ${threshold}`)
    }
    if (!(windowMs > 0)) throw new RangeError(`WindowBreaker: windowMs must be above 0, received ${windowMs}`)
    this.#threshold = threshold
    this.#windowMs = windowMs
    this.#now = now
  }

  /** Kept by cockatiel's `toJSON`. */
  get state(): unknown {
    return this.#failedAt
  }

  set state(value: unknown) {
    this.#failedAt = Array.isArray(value) ? value.filter((at): at is number => typeof at === 'number') : []
  }

  get failuresInWindow(): number {
    this.#forgetOld()
    return this.#failedAt.length
  }

  success(state: CircuitState): void {
    // The probe answered: what failed before it says nothing about the service as it is now.
    if (state === CircuitState.HalfOpen) this.clear()
  }

  failure(state: CircuitState): boolean {
    this.#failedAt.push(this.#now())
    return state === CircuitState.HalfOpen || this.failuresInWindow >= this.#threshold
  }

  clear(): void {
    this.#failedAt = []
  }

  #forgetOld(): void {
    const now = this.#now()
    // What lies ahead was counted before the clock was put back: nobody knows how old it is.
    this.#failedAt = this.#failedAt.filter((at) => at > now - this.#windowMs && at <= now)
  }
}
