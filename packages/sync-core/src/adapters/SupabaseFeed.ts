import type { FeedHandlers } from '../ports/ChangeSource.js'
import { describeError } from '../telemetry/report.js'
import type { SupabaseChangeSourceOptions, SupabaseChannelLike } from './supabaseChangeSource.js'
import type { SupabaseToken } from './supabaseToken.js'

const MAX_REJOIN_MS = 30_000
// Newer servers say when messages of the database come through, which may be seconds after a project's first join.
const PRIVATE = { config: { private: true, broadcast: { replication_ready: true } } }
const HINT = { hint: true }

export interface SupabaseFeedOptions extends SupabaseChangeSourceOptions {
  topic: string
  handlers: FeedHandlers
  token: SupabaseToken
}

/** One private channel, joined again by itself whenever the client has given it up. */
export class SupabaseFeed {
  readonly #options: SupabaseFeedOptions
  #isLeft = false
  #channel: SupabaseChannelLike | null = null
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
    if (trouble !== undefined) return this.#lose(trouble)
    try {
      await this.#open()
    } catch (error) {
      this.#removeChannel()
      this.#lose(describeError(error))
    }
  }

  async #open(): Promise<void> {
    if (this.#isLeft || this.#channel) return
    const { supabase, topic } = this.#options
    // The client gives the same object for the same topic, also one that is still being left and can never be joined again.
    const channel = supabase.channel(topic, PRIVATE)
    const left = leaving.get(channel)
    if (left) {
      await left
      leaving.delete(channel)
      return this.#open()
    }
    if (channel.state !== 'closed') throw new Error(`The channel "${topic}" is in use on this Supabase client by somebody else.`)
    this.#follow(channel)
  }

  #follow(own: SupabaseChannelLike): void {
    const { handlers } = this.#options
    this.#channel = own
    const isCurrent = () => !this.#isLeft && this.#channel === own
    own.on('broadcast', { event: 'change' }, ({ payload }) => {
      for (const change of changesOf(payload)) if (isCurrent()) handlers.onChange(change)
    })
    own.on('system', {}, (payload) => {
      if (isCurrent()) this.#onSystem(payload)
    })
    own.subscribe((status, error) => {
      if (isCurrent()) this.#onStatus(status, error)
    })
  }

  #onSystem({ status, message }: { status?: unknown; message?: unknown }): void {
    if (status === 'ok') {
      this.#options.handlers.onStatus('flowing')
      return
    }
    // Its token has expired, or the database's messages do not come through: only a new join helps.
    this.#removeChannel()
    this.#lose(String(message))
  }

  #onStatus(status: string, error?: Error): void {
    const { handlers, token } = this.#options
    if (status === 'SUBSCRIBED') {
      this.#rejoins = 0
      handlers.onStatus('flowing')
    } else if (status === 'CLOSED') {
      this.#abandon()
    } else {
      // The client itself joins this channel again; with a fresh token, if ours was the trouble.
      void token.hand()
      handlers.onStatus('lost', error?.message ?? status)
    }
  }

  /** The client has removed the channel and will never join it again. */
  #abandon(): void {
    this.#channel = null
    this.#lose('the server closed the channel')
  }

  #removeChannel(): void {
    const channel = this.#channel
    this.#channel = null
    if (!channel) return
    // What the client says to it is of no use any more.
    const left = Promise.resolve(this.#options.supabase.removeChannel(channel)).catch(() => undefined)
    leaving.set(channel, left)
  }

  #lose(reason: string): void {
    if (this.#isLeft) return
    const { clock, random, handlers } = this.#options
    const ceiling = Math.min(MAX_REJOIN_MS, 1_000 * 2 ** Math.min(this.#rejoins, 5))
    this.#rejoins += 1
    this.#cancelRejoin = clock.setTimer(() => this.join(), ceiling * (0.5 + random.uniform() / 2))
    handlers.onStatus('lost', reason)
  }
}

// Per page, not per source: one made anew for another user meets the channels that the former one is leaving.
const leaving = new WeakMap<SupabaseChannelLike, Promise<unknown>>()

/** What one message brings: whole changes, and a hint where it says so or brings something else. */
function changesOf(payload: unknown): readonly unknown[] {
  const { changes, hint } = (payload ?? {}) as { changes?: unknown; hint?: unknown }
  if (!Array.isArray(changes)) return [HINT]
  return hint ? [...changes, HINT] : changes
}
