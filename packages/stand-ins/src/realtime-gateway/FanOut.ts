import type { Clock } from '../time/Clock.js'
import type { Access } from './access.js'
import type { Broadcast } from './Broadcast.js'
import type { Channel } from './Channel.js'
import type { ChannelPolicy, PolicyQuestion } from './ChannelPolicy.js'
import type { Connection, PushedBroadcast } from './Connection.js'
import { EncodedBroadcast } from './EncodedBroadcast.js'
import type { GatewayLimits } from './GatewayLimits.js'
import { Members } from './Members.js'
import { RateCounter } from './RateCounter.js'
import type { RealtimeFaults } from './realtimeFaults.js'

export interface FanOutOptions {
  policy: ChannelPolicy
  limits: GatewayLimits
  clock: Clock
  random: () => number
  faults(): RealtimeFaults
}

/** Broadcast: who is on a channel, who may be, and what reaches them. Nothing is kept for whoever is not there. */
export class FanOut {
  readonly #options: FanOutOptions
  readonly #members = new Members()
  readonly #messages: RateCounter
  /** Who was let speak, so that the policies are asked once. */
  readonly #speakers = new WeakMap<Channel, { access: Access; may: boolean }>()

  constructor(options: FanOutOptions) {
    this.#options = options
    this.#messages = new RateCounter(options.clock, options.limits.messagesPerSecond)
  }

  enter(channel: Channel, connection: Connection): void {
    this.#members.add(channel, connection)
  }

  leave(channel: Channel): void {
    this.#members.remove(channel)
  }

  mayRead(name: string, access: Access): Promise<boolean> {
    return ask(this.#options.policy.mayRead, name, access)
  }

  /** Hands on a message of the database; over the limits it is dropped, and nobody is told. */
  tell(message: Broadcast): void {
    if (message.body.length > this.#options.limits.payloadBytes || this.#messages.isAbove) return
    this.#messages.add()
    this.#send(message, () => true)
  }

  /** Hands on what a client says to the others of its channel. */
  async relay(from: Channel, pushed: PushedBroadcast): Promise<'sent' | 'too large' | 'refused'> {
    if (from.isPrivate && !(await this.#maySpeak(from))) return 'refused'
    this.#messages.add()
    if (pushed.body.length > this.#options.limits.payloadBytes) return 'too large'
    const message = { ...pushed, topic: from.name, isPrivate: from.isPrivate }
    this.#send(message, (channel) => channel !== from || from.selfBroadcast)
    return 'sent'
  }

  #send(message: Broadcast, hears: (channel: Channel) => boolean): void {
    const { faults, random } = this.#options
    const { silent, dropRate } = faults()
    if (silent) return
    const encoded = new EncodedBroadcast(message)
    for (const [channel, connection] of this.#members.of(message)) {
      if (!hears(channel) || (dropRate > 0 && random() < dropRate)) continue
      this.#messages.add()
      connection.hear(encoded)
      if (this.#messages.isAbove) channel.shutdown('Too many messages per second')
    }
  }

  async #maySpeak(channel: Channel): Promise<boolean> {
    const known = this.#speakers.get(channel)
    if (known?.access === channel.access) return known.may
    const { access } = channel
    const may = await ask(this.#options.policy.mayWrite, channel.name, access)
    this.#speakers.set(channel, { access, may })
    return may
  }
}

/** The anonymous key has no claims, and nothing private is open to it. */
async function ask(decide: (question: PolicyQuestion) => Promise<boolean>, topic: string, { claims }: Access): Promise<boolean> {
  return claims !== null && (await decide({ topic, claims }).catch(() => false))
}
