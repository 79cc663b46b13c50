import type { SmsStatus } from '@org/contracts'

/** English for what became of an SMS. */
export const smsStatusWords: Record<SmsStatus, string> = {
  pending: 'Sending',
  sent: 'Sent',
  delivered: 'Delivered',
  undelivered: 'Not delivered',
  failed: 'Failed',
  indeterminate: 'Outcome unknown',
  expired: 'Expired',
  cancelled: 'Cancelled',
}
