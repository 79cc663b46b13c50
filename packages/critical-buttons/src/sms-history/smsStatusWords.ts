import type { SmsStatus } from '@org/contracts/client'

/** English for what became of an SMS. */
export const smsStatusWords: Record<SmsStatus, string> = {
  pending: 'Waiting to be sent',
  sent: 'Sent',
  delivered: 'Delivered',
  undelivered: 'Not delivered',
  failed: 'Failed',
  indeterminate: 'Checking whether it was sent',
  expired: 'Expired',
  cancelled: 'Cancelled',
}
