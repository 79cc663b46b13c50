/** What Twilio says of a message's way; the simulator walks `queued → sent → delivered`, or ends it early. */
export type MessageStatus = 'queued' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'received'

/** One message the simulator accepted, or one it brought in. */
export interface Message {
  readonly sid: string
  readonly to: string
  readonly from: string
  readonly body: string
  readonly direction: 'outbound-api' | 'inbound'
  /** Epoch ms. */
  readonly createdAt: number
  readonly statusCallback: string | undefined
  readonly messagingServiceSid: string | null
  status: MessageStatus
  /** Epoch ms. */
  updatedAt: number
  /** Epoch ms; null until it left. */
  sentAt: number | null
  errorCode: number | null
}

/**
 * How many SMS the carrier makes of a text: GSM-7 160, then 153 each; UCS-2 70, then 67 each. It cuts before a character of
 * two units that does not fit, never through it.
 */
export function countSegments(body: string): number {
  const length = gsm7Length(body)
  return length === null ? segments(body, body.length, [70, 67]) : segments(body, length, [160, 153])
}

function segments(body: string, length: number, [single, part]: [number, number]): number {
  if (length <= single) return 1
  let left = 0
  let count = 0
  for (const character of body) {
    const units = single === 70 ? character.length : (gsm7Length(character) ?? 0)
    if (units > left) {
      count += 1
      left = part
    }
    left -= units
  }
  return count
}

const GSM7 = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
const GSM7_EXTENDED = new Set('\f^{}\\[~]|€')

/** Length in septets, or null when a character is outside the GSM-7 alphabet. */
function gsm7Length(body: string): number | null {
  let length = 0
  for (const character of body) {
    if (GSM7.has(character)) length += 1
    else if (GSM7_EXTENDED.has(character)) length += 2
    else return null
  }
  return length
}
