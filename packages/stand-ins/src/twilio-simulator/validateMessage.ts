import { LIMITS } from '@org/contracts'
import { REFUSED_FROM, REFUSED_TO } from './magicNumbers.js'
import { type KnownTwilioCode, refusal, type TwilioRefusal } from './TwilioError.js'

/** The form of a message to be sent, as it came over the wire. */
export type MessageForm = Readonly<Record<string, string | undefined>>

const E164 = /^\+[1-9]\d{6,14}$/

export type Validation =
  | { ok: true; to: string; from: string; body: string; statusCallback: string | undefined }
  | { ok: false; refusal: TwilioRefusal }

/**
 * Checks a message as Twilio does before accepting it. Pure.
 * @param isOptedOut true when `to` has answered STOP to `from`
 */
export function validateMessage(form: MessageForm, isOptedOut: (to: string, from: string) => boolean): Validation {
  const { To: to, From: from, Body: body, StatusCallback: statusCallback } = form
  if (!to) return refuse(21604)
  if (!from) return refuse(21603)
  if (!body) return refuse(21602)
  if (!E164.test(to)) return refuse(21211)
  if (!E164.test(from)) return refuse(21212)
  if (body.length > LIMITS.smsLength) return refuse(21617)
  if (statusCallback !== undefined && !isHttpUrl(statusCallback)) return refuse(21609)
  const magic = REFUSED_FROM[from] ?? REFUSED_TO[to]
  if (magic !== undefined) return refuse(magic)
  if (isOptedOut(to, from)) return refuse(21610)
  return { ok: true, to, from, body, statusCallback }
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
