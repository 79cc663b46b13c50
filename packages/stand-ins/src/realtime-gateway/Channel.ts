import type { Clock } from '../time/Clock.js'
import { type Access, expiresAt, maySee, type TenantOf } from './access.js'
import { type Binding, type BindingParams, bindingMatches, parseBinding } from './binding.js'
import type { FeedChange } from './ChangeFeed.js'
import type { RealtimeFaults } from './realtimeFaults.js'

/** A token's end is looked at this often at least, as the real server does. */
const CONFIRM_TOKEN_MS = 5 * 60_000

/** What a channel needs of the connection it lives in. */
export interface ChannelHost {
  readonly clock: Clock
  /** From the join to "Subscribed to PostgreSQL", in milliseconds. */
  readonly systemDelayMs: number
  readonly publication: readonly string[]
  readonly tenantOf: TenantOf
  faults(): RealtimeFaults
  /** Sends something nobody asked for just now; silent mode swallows it. */
  push(message: { joinRef: string | null; ref: string | null; topic: string; event: string; payload: Record<string, unknown> }): void
  /** The channel is over and must be forgotten. */
  forget(channel: Channel): void
}

export interface ChannelOptions {
  topic: string
  joinRef: string | null
  bindings: readonly BindingParams[]
  access: Access
  /** Joined by leave of the policies. */
  isPrivate: boolean
  /** The sender hears its own broadcasts. */
  selfBroadcast: boolean
  /** Broadcasts are answered. */
  ackBroadcast: boolean
}

/** One joined topic of one connection: what it asked for, and with whose eyes it sees. */
export class Channel {
  readonly topic: string
  readonly joinRef: string | null
  readonly isPrivate: boolean
  readonly selfBroadcast: boolean
  readonly ackBroadcast: boolean
  readonly #host: ChannelHost
  readonly #bindings: readonly Binding[]
  /** Why changes can never flow; null when they can. */
  readonly #problem: string | null
  readonly #wantsChanges: boolean
  #access: Access
  #live = false
  #cancelSystem: (() => void) | null = null
  #cancelExpiry: (() => void) | null = null

  constructor(options: ChannelOptions, host: ChannelHost) {
    this.topic = options.topic
    this.joinRef = options.joinRef
    this.isPrivate = options.isPrivate
    this.selfBroadcast = options.selfBroadcast
    this.ackBroadcast = options.ackBroadcast
    this.#host = host
    this.#access = options.access
    this.#wantsChanges = options.bindings.length > 0
    const parsed = options.bindings.map((params) => parseBinding(params, host.publication))
    this.#bindings = parsed.flatMap((entry) => (entry.ok ? [entry.binding] : []))
    this.#problem = parsed.flatMap((entry) => (entry.ok ? [] : [entry.reason]))[0] ?? null
    this.#subscribe()
    this.#watchExpiry()
  }

  /** The name the application gave it. */
  get name(): string {
    return this.topic.slice('realtime:'.length)
  }

  get access(): Access {
    return this.#access
  }

  /** True once changes flow. */
  get live(): boolean {
    return this.#live
  }

  /** Sees with another token from now on. Real Supabase subscribes again and says so again; so does this. */
  refresh(access: Access): void {
    this.#access = access
    this.#subscribe()
    this.#watchExpiry()
  }

  /** Ids of the bindings that `change` is delivered to; empty before the channel is live. */
  idsFor(change: FeedChange): number[] {
    if (!this.#live || !maySee(this.#access, change, this.#host.tenantOf)) return []
    const ids = this.#bindings.filter((binding) => bindingMatches(binding, change)).map((binding) => binding.id)
    return [...new Set(ids)]
  }

  /** Ends it with a reason, as an expired token does; the client then removes the channel for good. */
  shutdown(message: string): void {
    this.#system('system', 'error', message)
    this.close()
  }

  /** Ends it without a reason. */
  close(): void {
    this.dispose()
    this.#host.push({ joinRef: this.joinRef, ref: this.joinRef, topic: this.topic, event: 'phx_close', payload: {} })
    this.#host.forget(this)
  }

  /** Stops its timers. */
  dispose(): void {
    this.#live = false
    this.#cancelSystem?.()
    this.#cancelExpiry?.()
  }

  #subscribe(): void {
    if (!this.#wantsChanges) return
    this.#cancelSystem?.()
    const delayMs = this.#host.systemDelayMs + this.#host.faults().lateSystemMs
    this.#cancelSystem = this.#host.clock.after(delayMs, () => {
      this.#live = this.#problem === null
      this.#system('postgres_changes', this.#live ? 'ok' : 'error', this.#problem ?? 'Subscribed to PostgreSQL')
    })
  }

  #watchExpiry(): void {
    this.#cancelExpiry?.()
    const endsAt = expiresAt(this.#access)
    if (endsAt === null) return
    const leftMs = Math.max(0, endsAt - this.#host.clock.now())
    this.#cancelExpiry = this.#host.clock.after(Math.min(CONFIRM_TOKEN_MS, leftMs), () => {
      const overMs = this.#host.clock.now() - endsAt
      if (overMs < 0) this.#watchExpiry()
      else this.shutdown(`Token has expired ${Math.floor(overMs / 1_000)} seconds ago`)
    })
  }

  #system(extension: string, status: 'ok' | 'error', message: string): void {
    const payload = { extension, status, message, channel: this.name }
    this.#host.push({ joinRef: this.joinRef, ref: null, topic: this.topic, event: 'system', payload })
  }
}
