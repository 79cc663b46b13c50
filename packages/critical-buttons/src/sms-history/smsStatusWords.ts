import type { SmsStatus } from '@org/contracts/client'
import type { CommonMessages } from '../messages/Messages.js'

/** English for what became of an SMS. */
export const smsStatusWords: Readonly<Record<string, string>> = {
  pending: 'Waiting to be sent',
  sent: 'Sent',
  delivered: 'Delivered',
  undelivered: 'Not delivered',
  failed: 'Failed',
  indeterminate: 'Checking whether it was sent',
  expired: 'Expired',
  cancelled: 'Cancelled',
}

/** The catalogue's word for what became of an SMS, else the English one; an unknown status is its own word. */
export function smsStatusLabel({ smsStatuses }: CommonMessages, status: SmsStatus): string {
  const words: Readonly<Record<string, string>> = { ...smsStatusWords, ...smsStatuses }
  return Object.hasOwn(words, status) ? (words[status] ?? status) : status
}
