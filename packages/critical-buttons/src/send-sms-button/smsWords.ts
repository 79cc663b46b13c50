import type { ActionMessages, Words } from '../messages/Messages.js'

const to = ({ subject }: Words) => (subject ? ` to ${subject}` : '')

/** English for sending an SMS. */
export const smsWords: ActionMessages = {
  label: () => 'Send SMS',
  done: () => 'Sent',
  pending: (words) => `Sending SMS${to(words)}`,
  stillPending: () => 'Still sending',
  queued: () => 'SMS will be sent when you reconnect',
  checking: () => 'Checking whether it was sent; this can take up to 5 minutes',
  success: (words) => `SMS sent${to(words)}`,
  failed: () => 'SMS not sent',
  record: () => 'Lead',
  confirmTitle: (words) => `Send SMS${to(words)}?`,
  confirmMessage: () => 'The message goes out at once and cannot be called back.',
  confirmLabel: () => 'Send SMS',
}
