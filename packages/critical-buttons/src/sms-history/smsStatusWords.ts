import type { SmsStatus } from '@org/contracts/client'
import type { CommonMessages } from '../messages/Messages.js'
import { own } from '../messages/own.js'

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
  // A row's columns are the server's word: what is no text must not end the page.
  return own(smsStatuses, status) ?? own(smsStatusWords, status) ?? String(status)
}
