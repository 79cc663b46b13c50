import type { SmsDispatcher } from './SmsDispatcher.js'
import type { SmsEvents } from './SmsEvents.js'
import type { SmsOutbox } from './SmsOutbox.js'

export interface SmsLoopOptions {
  dispatcher: SmsDispatcher
  outbox: SmsOutbox
  /** Looks indeterminate rows up; absent while nothing reconciles. */
  reconcile?: () => Promise<void>
  events?: SmsEvents
  /** @default 1_000 */
  everyMs?: number
}

/**
 * Turns the wheel for SMS that no request is waiting for: rows left by a crash, postponed ones and
 * indeterminate ones. Every replica runs one; leases keep them apart.
 */
export class SmsLoop {
  readonly #options: SmsLoopOptions
  #timer: NodeJS.Timeout | undefined
  #turning: Promise<void> = Promise.resolve()
  #stopped = true

  constructor(options: SmsLoopOptions) {
    this.#options = options
  }

  start(): void {
    this.#stopped = false
    this.#plan()
  }

  /** Begins nothing more; resolves when what was under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#turning
    await this.#options.dispatcher.drained()
  }

  /** One turn: dead leases, then everything that is due, then lookups. */
  async turn(): Promise<void> {
    await this.#options.outbox.expireLeases()
    while ((await this.#options.dispatcher.dispatchDue()) > 0 && !this.#stopped);
    await this.#options.reconcile?.()
  }

  #plan(): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => {
      this.#turning = this.turn()
        .catch((error: unknown) => this.#options.events?.onLoopError?.(error))
        .finally(() => this.#plan())
    }, this.#options.everyMs ?? 1_000)
    this.#timer.unref()
  }
}
