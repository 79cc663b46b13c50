import type { Clock } from '../time/Clock.js'
import type { Message, MessageStatus } from './Message.js'
import { ENDS_BADLY } from './magicNumbers.js'
import { API_VERSION } from './messageResource.js'
import type { WebhookParams } from './signature.js'
import type { Webhooks } from './Webhooks.js'

export interface DeliveryOptions {
  accountSid: string
  clock: Clock
  webhooks: Webhooks
  /** From acceptance to `sent` (or `failed`), in milliseconds. */
  sentAfterMs: number
  /** From `sent` to `delivered` (or `undelivered`), in milliseconds. */
  deliveredAfterMs: number
  /** Told of each step, before its callback goes out. */
  onStep: (message: Message) => void
  /** Asked before each callback: true, and it never arrives. */
  losesCallback: () => boolean
}

interface Step {
  status: MessageStatus
  errorCode: number | null
  delayMs: number
}

/** Walks an accepted message from where it is to its end, calling its status callback at each step. */
export function deliver(message: Message, options: DeliveryOptions): void {
  const walk = (steps: readonly Step[]) => {
    const [step, ...rest] = steps
    if (step === undefined) return
    options.webhooks.later(step.delayMs, async () => {
      take(message, step, options.clock.now())
      options.onStep(message)
      const { statusCallback } = message
      // The next step does not wait for this callback's answer: a slow receiver gets them out of order, as in life.
      walk(rest)
      if (statusCallback !== undefined && !options.losesCallback())
        await options.webhooks.send(statusCallback, statusParams(message, step, options.accountSid))
    })
  }
  walk(stepsLeft(message, options))
}

function stepsLeft({ to, status }: Message, options: DeliveryOptions): Step[] {
  if (status === 'queued') return stepsOf(to, options)
  return status === 'sent' ? stepsOf(to, options).slice(1) : []
}

function stepsOf(to: string, { sentAfterMs, deliveredAfterMs }: DeliveryOptions): Step[] {
  const ending = ENDS_BADLY[to]
  if (ending?.status === 'failed') return [{ ...ending, delayMs: sentAfterMs }]
  return [
    { status: 'sent', errorCode: null, delayMs: sentAfterMs },
    { ...(ending ?? { status: 'delivered', errorCode: null }), delayMs: deliveredAfterMs },
  ]
}

function take(message: Message, step: Step, now: number): void {
  message.status = step.status
  message.errorCode = step.errorCode
  message.updatedAt = now
  if (step.status === 'sent') message.sentAt = now
}

function statusParams(message: Message, step: Step, accountSid: string): WebhookParams {
  return {
    AccountSid: accountSid,
    ApiVersion: API_VERSION,
    From: message.from,
    MessageSid: message.sid,
    MessageStatus: step.status,
    SmsSid: message.sid,
    SmsStatus: step.status,
    To: message.to,
    ...(step.errorCode === null ? {} : { ErrorCode: String(step.errorCode) }),
  }
}
