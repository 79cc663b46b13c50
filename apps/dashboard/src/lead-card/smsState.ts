/** How a delivery state reads and looks. */
export interface SmsStateWords {
  label: string
  tone: 'good' | 'warn' | 'bad' | 'plain'
}

const WORDS: Readonly<Record<string, SmsStateWords>> = {
  pending: { label: 'On its way', tone: 'plain' },
  sent: { label: 'Sent', tone: 'plain' },
  delivered: { label: 'Delivered', tone: 'good' },
  undelivered: { label: 'Not delivered', tone: 'bad' },
  failed: { label: 'Not sent', tone: 'bad' },
  indeterminate: { label: 'Checking whether it was sent', tone: 'warn' },
  expired: { label: 'Too late, not sent', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'plain' },
}

/** The words for a status; a status this page does not know yet is shown as it is. Pure. */
export function smsStateWords(status: string): SmsStateWords {
  return WORDS[status] ?? { label: status, tone: 'plain' }
}
