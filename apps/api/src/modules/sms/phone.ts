import { parsePhoneNumberFromString } from 'libphonenumber-js'

/** A phone number as E.164 ("+15005550101"), or null when it is none. National numbers have no country, so they are none. */
export function toE164(phone: string): string | null {
  const parsed = parsePhoneNumberFromString(phone)
  return parsed?.isPossible() === true ? parsed.number : null
}
