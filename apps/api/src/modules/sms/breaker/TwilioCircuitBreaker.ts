import type { SmsServiceStatus } from '@org/contracts'
import { type CircuitBreakerPolicy, CircuitState, circuitBreaker, DelegateBackoff, handleWhenResult } from 'cockatiel'
import type { SmsVerdict } from '../judgeCarrierAnswer.js'
import { LONGEST_OPEN_MS, openForMs } from './openForMs.js'
import { WindowBreaker } from './WindowBreaker.js'

export type BreakerState = SmsServiceStatus['state']

/** Why the circuit changed, for the log. */
export interface BreakerChange {
  state: BreakerState
  /** Open until someone resets it, not until a time. */
  isolated: boolean
  failuresInWindow: number
}

const FAILURES_TO_OPEN = 5
const WINDOW_MS = 60_000
/** A click that was let in as the probe must reach Twilio within this time, or another may try. */
const PROBE_RESERVATION_MS = 10_000
/** The wall clock, which is told and which cockatiel goes by, may be so much behind before it counts as put back. */
const CLOCK_SLACK_MS = 2_000
/** Told to clients while the circuit is held open by hand: there is no time to name. */
const ISOLATED_RETRY_MS = 60_000

/**
 * Guards calls to Twilio: 5 transient failures within 60 s open it; while half-open one probe goes
 * through and everyone else fails at once. Each process has its own.
 */
export class TwilioCircuitBreaker {
  readonly #window = new WindowBreaker({ threshold: FAILURES_TO_OPEN, windowMs: WINDOW_MS })
  readonly #policy: CircuitBreakerPolicy
  readonly #listeners = new Set<(change: BreakerChange) => void>()
  #openedAt = 0
  #retryAt = 0
  /** The same by a clock that nobody sets. */
  #retryAtTick = 0
  #probeReservedUntil = 0
  #isolation: { dispose: () => void } | null = null
  #resetting = false

  constructor() {
    this.#policy = circuitBreaker(
      handleWhenResult((verdict) => (verdict as SmsVerdict).breaker === 'failure'),
      { breaker: this.#window, halfOpenAfter: new DelegateBackoff(({ attempt }) => this.#planReopening(attempt)) },
    )
    this.#policy.onStateChange(() => {
      this.#probeReservedUntil = 0
      if (!this.#resetting) this.#tell()
    })
  }

  /** `OPEN` also while it is held open by hand; `HALF_OPEN` while the next call is a probe. */
  getState(): BreakerState {
    switch (this.#circuit()) {
      case CircuitState.Closed:
        return 'CLOSED'
      case CircuitState.HalfOpen:
        return 'HALF_OPEN'
      case CircuitState.Isolated:
        return 'OPEN'
      case CircuitState.Open:
        return Date.now() >= this.#retryAt ? 'HALF_OPEN' : 'OPEN'
    }
  }

  /** What GET /api/status/sms answers. */
  status(): SmsServiceStatus {
    const state = this.getState()
    const failuresInWindow = this.#window.failuresInWindow
    if (state === 'CLOSED') return { state, failuresInWindow }
    const openedAt = new Date(this.#openedAt).toISOString()
    return this.isIsolated
      ? { state, openedAt, failuresInWindow }
      : { state, openedAt, retryAt: new Date(this.#retryAt).toISOString(), failuresInWindow }
  }

  get isIsolated(): boolean {
    return this.#policy.state === CircuitState.Isolated
  }

  /**
   * Asks for one call: null when it may be made, else when to ask again. While half-open the first to
   * ask gets the probe and holds it until its call, `giveBack`, or 10 s have passed.
   */
  refuse(): { retryAfterMs: number } | null {
    const now = Date.now()
    switch (this.#circuit()) {
      case CircuitState.Closed:
        return null
      case CircuitState.Isolated:
        return { retryAfterMs: ISOLATED_RETRY_MS }
      case CircuitState.HalfOpen:
        return { retryAfterMs: openForMs(1) }
      case CircuitState.Open:
        if (now < this.#retryAt) return { retryAfterMs: Math.min(this.#retryAt - now, LONGEST_OPEN_MS) }
        if (now < this.#probeReservedUntil) return { retryAfterMs: this.#probeReservedUntil - now }
        this.#probeReservedUntil = now + PROBE_RESERVATION_MS
        return null
    }
  }

  /** Gives the probe back unused, for the next to ask. */
  giveBack(): void {
    this.#probeReservedUntil = 0
  }

  /** Makes the call, unless the circuit forbids it: then null, and `call` is not made. */
  async execute(call: () => Promise<SmsVerdict>): Promise<SmsVerdict | null> {
    if (!this.#mayCall()) return null
    return await this.#policy.execute(async () => {
      const verdict = await call()
      if (verdict.breaker === 'isolate') this.isolate()
      return verdict
    })
  }

  /** Holds the circuit open until `reset`. */
  isolate(): void {
    this.#openedAt = Date.now()
    this.#isolation ??= this.#policy.isolate()
  }

  /** Closes the circuit and forgets what failed. */
  reset(): void {
    this.#window.clear()
    if (this.#policy.state === CircuitState.Closed) return
    // Cockatiel closes an open circuit only by way of an isolation that ends, which is nobody else's business.
    this.#resetting = true
    const isolation = this.#isolation ?? this.#policy.isolate()
    this.#isolation = null
    isolation.dispose()
    this.#resetting = false
    this.#tell()
  }

  /** Calls `listener` once per change. Returns the unsubscribe. */
  onChange(listener: (change: BreakerChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #planReopening(timesOpened: number): number {
    const openMs = openForMs(timesOpened)
    this.#openedAt = Date.now()
    this.#retryAt = this.#openedAt + openMs
    this.#retryAtTick = performance.now() + openMs
    return openMs
  }

  /** A wall clock that is put back would hold the circuit open as long: its time is over all the same, and traffic flows. */
  #circuit(): CircuitState {
    const isOverdue = performance.now() >= this.#retryAtTick + CLOCK_SLACK_MS
    if (this.#policy.state === CircuitState.Open && isOverdue && Date.now() < this.#retryAt) this.reset()
    return this.#policy.state
  }

  #mayCall(): boolean {
    const state = this.#circuit()
    return state === CircuitState.Closed || (state === CircuitState.Open && Date.now() >= this.#retryAt)
  }

  #tell(): void {
    const change = { state: this.getState(), isolated: this.isIsolated, failuresInWindow: this.#window.failuresInWindow }
    for (const listener of this.#listeners) listener(change)
  }
}
