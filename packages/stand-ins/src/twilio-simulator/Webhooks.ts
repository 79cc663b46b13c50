import type { Clock } from '../time/Clock.js'
import { sendWebhook } from './sendWebhook.js'
import type { WebhookParams } from './signature.js'

/** One webhook that went out, and how it ended. */
export interface SentWebhook {
  url: string
  params: WebhookParams
  /** HTTP status answered; null when there was no answer. */
  status: number | null
  /** Why there was no answer; null when there was one. */
  error: string | null
}

/** Only the newest are kept, for a look back. */
const KEPT = 1_000

/** Sends signed webhooks at their time, once each, and remembers how they ended. */
export class Webhooks {
  readonly #authToken: string
  readonly #clock: Clock
  readonly #stopping = new AbortController()
  readonly #planned = new Set<() => void>()
  readonly #underway = new Set<Promise<unknown>>()
  readonly #sent: SentWebhook[] = []

  constructor(options: { authToken: string; clock: Clock }) {
    this.#authToken = options.authToken
    this.#clock = options.clock
  }

  /** Runs `step` after `delayMs`; forgotten when the simulator closes first. */
  later(delayMs: number, step: () => Promise<unknown>): void {
    const cancel = this.#clock.after(delayMs, () => {
      this.#planned.delete(cancel)
      const work = step().finally(() => this.#underway.delete(work))
      this.#underway.add(work)
    })
    this.#planned.add(cancel)
  }

  /** Never rejects: a receiver that is down is the receiver's matter, as with Twilio. */
  async send(url: string, params: WebhookParams): Promise<SentWebhook> {
    const outcome = await sendWebhook(url, params, { authToken: this.#authToken, signal: this.#stopping.signal }).then(
      (status) => ({ status, error: null }),
      (error: unknown) => ({ status: null, error: error instanceof Error ? error.message : String(error) }),
    )
    const sent = { url, params, ...outcome }
    this.#sent.push(sent)
    if (this.#sent.length > KEPT) this.#sent.shift()
    return sent
  }

  sent(): readonly SentWebhook[] {
    return [...this.#sent]
  }

  /** Forgets what is planned, cuts what is under way. */
  async stop(): Promise<void> {
    for (const cancel of this.#planned) cancel()
    this.#planned.clear()
    this.#stopping.abort(new Error('The simulator was closed'))
    await Promise.allSettled(this.#underway)
  }
}
