import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js'

/** Digits and what people group them with. A letter, a second number's plus or an extension's mark makes it something else. */
const ONE_NUMBER = /^\+?[\d\s().\-/‐‑‒–—]+$/u
const INTERNATIONAL_PREFIX = /^\(?00/

/**
 * A phone number as E.164 ("+15005550101"), or null when the whole text is not exactly one number that SMS can reach: whoever
 * wrote words, two numbers or an extension beside it meant something that an SMS to the first number would get wrong.
 * @param defaultCountry where numbers without a country are dialled from, and "00" means "+"; without it both are none
 */
export function toE164(phone: string, defaultCountry: CountryCode | null = null): string | null {
  const text = phone.trim()
  if (!ONE_NUMBER.test(text)) return null
  if (defaultCountry === null) return parse(text)
  return parse(text.replace(INTERNATIONAL_PREFIX, '+'), defaultCountry)
}

function parse(text: string, defaultCountry?: CountryCode): string | null {
  const parsed = parsePhoneNumberFromString(text, { extract: false, ...(defaultCountry === undefined ? {} : { defaultCountry }) })
  return parsed?.isPossible() === true && parsed.ext === undefined ? parsed.number : null
}
