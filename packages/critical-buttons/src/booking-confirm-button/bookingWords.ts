import type { ActionMessages, Words } from '../messages/Messages.js'

const colon = ({ subject }: Words) => (subject ? `: ${subject}` : '')

/** English for confirming a booking. */
export const bookingWords: ActionMessages = {
  label: () => 'Confirm booking',
  done: () => 'Confirmed',
  pending: (words) => `Confirming booking${colon(words)}`,
  stillPending: () => 'Still confirming',
  queued: () => 'Booking will be confirmed when you reconnect',
  success: (words) => `Booking confirmed${colon(words)}`,
  failed: () => 'Booking not confirmed',
  record: () => 'Booking',
  confirmTitle: () => 'Confirm this booking?',
  confirmMessage: ({ subject }) => `${subject ?? 'The appointment'} will be marked as confirmed.`,
  confirmLabel: () => 'Confirm booking',
}
