import { formatPhone } from './formatPhone.js'

/** A phone number; its plus sign stays in front on a page that reads from right to left. */
export function PhoneNumber({ number }: { number: string | null }) {
  return number === null ? 'No phone' : <bdi dir="ltr">{formatPhone(number)}</bdi>
}
