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

/** How many SMS the carrier makes of a text: GSM-7 160, then 153 each; UCS-2 70, then 67 each. */
export function countSegments(body: string): number {
  const units = gsm7Length(body)
  if (units === null) return segments(body.length, 70, 67)
  return segments(units, 160, 153)
}

function segments(length: number, single: number, part: number): number {
  return length <= single ? 1 : Math.ceil(length / part)
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
