import { setMaxListeners } from 'node:events'
import type { Clock } from '../time/Clock.js'
import { connectionOverrides, type WebhookFailure } from './connectionOverrides.js'
import { sendWebhook } from './sendWebhook.js'
import type { WebhookParams } from './signature.js'

/** One webhook that went out, and how its last try ended. */
export interface SentWebhook {
  /** As it was requested. */
  url: string
  params: WebhookParams
  /** HTTP status answered; null when there was no answer. */
  status: number | null
  /** Why there was no answer; null when there was one. */
  error: string | null
  /** How often it was tried. */
  tries: number
}

type Outcome = { status: number; error: null; failure: WebhookFailure | null } | { status: null; error: string; failure: WebhookFailure }

/** Only the newest are kept, for a look back. */
const KEPT = 1_000
/** Before the first further try, in milliseconds; doubled before each other. All of them lie within 15 s. */
const RETRY_AFTER_MS = 250

/** Sends signed webhooks at their time, again where their address asks for it, and remembers how they ended. */
export class Webhooks {
  readonly #authToken: string
  readonly #clock: Clock
  readonly #stopping = new AbortController()
  readonly #planned = new Set<() => void>()
  readonly #underway = new Set<Promise<unknown>>()
  /** Ends the wait for a further try. */
  readonly #pauses = new Set<() => void>()
  readonly #sent: SentWebhook[] = []

  constructor(options: { authToken: string; clock: Clock }) {
    this.#authToken = options.authToken
    this.#clock = options.clock
    // Each webhook under way listens to it, and there may be any number.
    setMaxListeners(0, this.#stopping.signal)
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
  async send(address: string, params: WebhookParams): Promise<SentWebhook> {
    const { url, retries, retriedAfter } = connectionOverrides(address)
    let tries = 1
    let outcome = await this.#try(url, params)
    while (tries <= retries && outcome.failure !== null && retriedAfter.has(outcome.failure)) {
      await this.#pause(RETRY_AFTER_MS * 2 ** (tries - 1))
      if (this.#stopping.signal.aborted) break
      outcome = await this.#try(url, params)
      tries += 1
    }
    return this.#remember({ url, params, status: outcome.status, error: outcome.error, tries })
  }

  sent(): readonly SentWebhook[] {
    return [...this.#sent]
  }

  /** Forgets what is planned, cuts what is under way. */
  async stop(): Promise<void> {
    for (const cancel of this.#planned) cancel()
    this.#planned.clear()
    this.#stopping.abort(new Error('The simulator was closed'))
    for (const end of this.#pauses) end()
    await Promise.allSettled(this.#underway)
  }

  #try(url: string, params: WebhookParams): Promise<Outcome> {
    return sendWebhook(url, params, { authToken: this.#authToken, signal: this.#stopping.signal }).then(
      (status) => ({ status, error: null, failure: failureOf(status) }),
      (error: unknown) => ({
        status: null,
        error: error instanceof Error ? error.message : String(error),
        failure: NO_CONNECTION.has((error as { code?: unknown }).code) ? 'ct' : 'rt',
      }),
    )
  }

  /** Ends early when the simulator closes. */
  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(delayMs, () => end())
      const end = () => {
        cancel()
        this.#pauses.delete(end)
        resolve()
      }
      this.#pauses.add(end)
    })
  }

  #remember(sent: SentWebhook): SentWebhook {
    this.#sent.push(sent)
    if (this.#sent.length > KEPT) this.#sent.shift()
    return sent
  }
}

const NO_CONNECTION: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'])

function failureOf(status: number): WebhookFailure | null {
  if (status >= 500) return '5xx'
  return status >= 400 ? '4xx' : null
}
