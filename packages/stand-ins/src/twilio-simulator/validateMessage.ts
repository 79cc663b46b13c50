import { LIMITS } from '@org/contracts'
import { REFUSED_FROM, REFUSED_TO } from './magicNumbers.js'
import { type KnownTwilioCode, refusal, type TwilioRefusal } from './TwilioError.js'

/** The form of a message to be sent, as it came over the wire. */
export type MessageForm = Readonly<Record<string, string | undefined>>

const MESSAGING_SERVICE = /^MG[0-9a-fA-F]{32}$/
const E164 = /^\+[1-9]\d{6,14}$/

/** A message that may be accepted. */
export interface ValidMessage {
  to: string
  from: string
  body: string
  statusCallback: string | undefined
  messagingServiceSid: string | null
}

export type Validation = ({ ok: true } & ValidMessage) | { ok: false; refusal: TwilioRefusal }

/** What the check needs to know of the account. */
export interface Account {
  /** The number a messaging service sends from. */
  phoneNumber: string
  /** True when `person` has answered STOP to `number`. */
  isOptedOut(person: string, number: string): boolean
}

/**
 * Checks a message as Twilio does before accepting it. Pure. A messaging service in the place of a
 * sender sends from the account's number.
 */
export function validateMessage(form: MessageForm, { phoneNumber, isOptedOut }: Account): Validation {
  const { To: to, Body: body, StatusCallback: statusCallback, MessagingServiceSid: messagingServiceSid } = form
  const from = form.From || (messagingServiceSid && phoneNumber)
  if (!to) return refuse(21604)
  if (!from) return refuse(21603)
  if (messagingServiceSid && !MESSAGING_SERVICE.test(messagingServiceSid)) return refuse(21701)
  if (!body) return refuse(21602)
  if (!E164.test(to)) return refuse(21211)
  if (!E164.test(from)) return refuse(21212)
  if (body.length > LIMITS.smsLength) return refuse(21617)
  if (statusCallback !== undefined && !isHttpUrl(statusCallback)) return refuse(21609)
  const magic = REFUSED_FROM[from] ?? REFUSED_TO[to]
  if (magic !== undefined) return refuse(magic)
  if (isOptedOut(to, from)) return refuse(21610)
  return { ok: true, to, from, body, statusCallback, messagingServiceSid: messagingServiceSid || null }
}

function refuse(code: KnownTwilioCode): Validation {
  return { ok: false, refusal: refusal(code) }
}

function isHttpUrl(text: string): boolean {
  try {
    return ['http:', 'https:'].includes(new URL(text).protocol)
  } catch {
    return false
  }
}
