/** Twilio takes no longer message, counted as JavaScript counts. */
export const LONGEST_SMS = 1_600

// GSM 03.38: its basic table, and the ten signs that take two places.
const BASIC = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà\f^{}\\[~\]|€]*$/u
const DOUBLE = /[\f^{}\\[~\]|€]/gu

/** How long a message is for the one who writes it, and for the one who pays. */
export interface SmsLength {
  characters: number
  /** SMS it is sent and billed as; 0 for an empty one. */
  parts: number
  /** Characters above the limit; 0 when it can be sent. */
  tooMany: number
}

/** Measures a message: 160 signs in one SMS, 153 in each of several; 70 and 67 as soon as one is not of GSM 03.38. Pure. */
export function smsLength(text: string): SmsLength {
  const isBasic = BASIC.test(text)
  const places = isBasic ? text.length + (text.match(DOUBLE)?.length ?? 0) : text.length
  const [alone, together] = isBasic ? [160, 153] : [70, 67]
  const parts = places <= alone ? Math.min(places, 1) : Math.ceil(places / together)
  return { characters: text.length, parts, tooMany: Math.max(0, text.length - LONGEST_SMS) }
}

const count = new Intl.NumberFormat()

/** "83 of 1,600 · 1 SMS". Pure. */
export function smsLengthText({ characters, parts, tooMany }: SmsLength): string {
  const used = `${count.format(characters)} of ${count.format(LONGEST_SMS)}`
  return tooMany > 0 ? `${used} · ${count.format(tooMany)} too many` : `${used} · ${parts} SMS`
}
