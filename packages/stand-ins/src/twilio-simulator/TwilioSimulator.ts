import type { Clock } from '../time/Clock.js'
import type { MessageStatus } from './Message.js'
import type { TwilioFaults, TwilioFaultsInput } from './twilioFaults.js'
import type { SentWebhook } from './Webhooks.js'

export interface TwilioSimulatorOptions {
  /** 0 picks a free one. @default 0 */
  port?: number
  /** @default 'AC' and 32 hex digits, always the same */
  accountSid?: string
  /** Signs webhooks, opens the API. @default 'demo-auth-token' */
  authToken?: string
  /** The number people reply to. @default '+15005550006' */
  phoneNumber?: string
  /** Where replies are posted, as it is configured for the number at Twilio; asked at each reply. */
  inboundUrl?: string | (() => string | undefined)
  /** From acceptance to the `sent` callback, in milliseconds. ≥ 0. @default 300 */
  sentAfterMs?: number
  /** From `sent` to the `delivered` callback, in milliseconds. ≥ 0. @default 700 */
  deliveredAfterMs?: number
  /**
   * A file that keeps the messages over a restart and a `kill -9`, as Twilio does. Deliveries under way go on.
   * @default none: messages end with the simulator
   */
  journalFile?: string
  clock?: Clock
  /** Uniform in [0, 1); decides which calls `rate` hits. */
  random?: () => number
}

/** What the simulator accepted, as a test or the demo looks at it. */
export interface AcceptedMessage {
  sid: string
  to: string
  from: string
  body: string
  status: MessageStatus
}

export interface InboundReply {
  from: string
  body: string
  /** Which of our numbers it answers. @default the simulator's number */
  to?: string
}

/** Twilio's Programmable Messaging on one machine, for the unmodified `twilio` SDK. */
export interface TwilioSimulator {
  readonly accountSid: string
  readonly authToken: string
  readonly phoneNumber: string
  readonly port: number
  /** Base to send the SDK's calls to instead of https://api.twilio.com. */
  readonly url: string
  /** Accepted outbound messages, oldest first. */
  messages(): AcceptedMessage[]
  /** Calls with good credentials so far, whatever became of them. */
  callCount(): number
  /** Webhooks that went out and how they ended, oldest first; the newest 1,000. */
  webhooks(): readonly SentWebhook[]
  /**
   * A person replies. STOP and START also count for Twilio itself: after STOP, sending to them is refused (21610).
   * @returns how the inbound webhook ended; null when no inbound URL is configured
   */
  receive(reply: InboundReply): Promise<SentWebhook | null>
  /** The fault plan with its defaults; `times` counts down. */
  faults(): TwilioFaults
  /** Replaces the fault plan; without one, clears it. Resolves when the port is closed or open accordingly. */
  setFaults(faults?: TwilioFaultsInput): Promise<void>
  /** Cuts connections, forgets planned callbacks, closes the port. */
  close(): Promise<void>
}
