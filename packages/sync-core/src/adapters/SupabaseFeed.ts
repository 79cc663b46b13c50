import type { FeedHandlers } from '../ports/ChangeSource.js'
import { describeError } from '../telemetry/report.js'
import type { SupabaseChangeSourceOptions, SupabaseChannelLike } from './supabaseChangeSource.js'
import type { SupabaseToken } from './supabaseToken.js'

const MAX_REJOIN_MS = 30_000

export interface SupabaseFeedOptions extends SupabaseChangeSourceOptions {
  table: string
  handlers: FeedHandlers
  token: SupabaseToken
}

/** One table's channel, joined again by itself whenever the client has given it up. */
export class SupabaseFeed {
  readonly #options: SupabaseFeedOptions
  #isLeft = false
  #channel: SupabaseChannelLike | null = null
  #isSubscribed = false
  #isFlowing = false
  #rejoins = 0
  /** Present while it waits to join again. */
  #cancelRejoin: (() => void) | null = null

  constructor(options: SupabaseFeedOptions) {
    this.#options = options
  }

  join(): void {
    this.#cancelRejoin?.()
    this.#cancelRejoin = null
    void this.#joinWithToken()
  }

  /** Something speaks for it that joining works now. */
  retryNow(): void {
    if (this.#cancelRejoin) this.join()
  }

  leave(): void {
    this.#isLeft = true
    this.#cancelRejoin?.()
    this.#removeChannel()
  }

  async #joinWithToken(): Promise<void> {
    const trouble = await this.#options.token.hand()
    if (this.#isLeft || this.#channel) return
    if (trouble !== undefined) return this.#lose(trouble)
    const { supabase, table } = this.#options
    serial += 1
    try {
      // `channel(name)` returns an existing one of that name, the host's perhaps; so the name is never reused.
      this.#follow(supabase.channel(`sync:${table}:${serial}`))
    } catch (error) {
      this.#removeChannel()
      this.#lose(describeError(error))
    }
  }

  #follow(own: SupabaseChannelLike): void {
    const { schema = 'public', table, handlers } = this.#options
    this.#channel = own
    this.#isSubscribed = false
    this.#isFlowing = false
    const isCurrent = () => !this.#isLeft && this.#channel === own
    own.on('postgres_changes', { event: '*', schema, table }, (change) => {
      if (isCurrent()) handlers.onChange(change)
    })
    own.on('system', {}, (payload) => {
      if (isCurrent()) this.#onSystem(payload)
    })
    own.subscribe((status, error) => {
      if (isCurrent()) this.#onStatus(status, error)
    })
  }

  #onSystem(payload: unknown): void {
    const { extension, status, message } = (payload ?? {}) as Record<string, unknown>
    if (extension !== 'postgres_changes') return
    this.#isFlowing = status === 'ok'
    if (!this.#isFlowing) this.#options.handlers.onStatus('lost', String(message))
    else if (this.#isSubscribed) this.#options.handlers.onStatus('flowing')
  }

  #onStatus(status: string, error?: Error): void {
    const { handlers, token } = this.#options
    this.#isSubscribed = status === 'SUBSCRIBED'
    if (this.#isSubscribed) {
      this.#rejoins = 0
      handlers.onStatus('joined')
      if (this.#isFlowing) handlers.onStatus('flowing')
      return
    }
    this.#isFlowing = false
    if (status === 'CLOSED') {
      this.#abandon()
      return
    }
    // The client itself joins this channel again; with a fresh token, if ours was the trouble.
    void token.hand()
    handlers.onStatus('lost', error?.message ?? status)
  }

  /** The client has removed the channel (an expired token does that) and will never join it again. */
  #abandon(): void {
    this.#channel = null
    this.#lose('the server closed the channel')
  }

  #removeChannel(): void {
    const channel = this.#channel
    this.#channel = null
    // What the client says to it is of no use any more.
    if (channel) void Promise.resolve(this.#options.supabase.removeChannel(channel)).catch(() => undefined)
  }

  #lose(reason: string): void {
    const { clock, random, handlers } = this.#options
    const ceiling = Math.min(MAX_REJOIN_MS, 1_000 * 2 ** Math.min(this.#rejoins, 5))
    this.#rejoins += 1
    this.#cancelRejoin = clock.setTimer(() => this.join(), ceiling * (0.5 + random.uniform() / 2))
    handlers.onStatus('lost', reason)
  }
}

// Per page, not per source: a source made anew for another user must not meet the former one's channels.
let serial = 0
