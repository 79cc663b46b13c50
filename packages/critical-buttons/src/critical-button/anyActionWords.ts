import type { ActionMessages } from '../messages/Messages.js'

/** English for actions the catalogue does not know. */
export const anyActionWords: ActionMessages = {
  label: () => 'Continue',
  done: () => 'Done',
  pending: ({ subject }) => (subject ? `Working: ${subject}` : 'Working'),
  stillPending: () => 'Still working',
  queued: () => 'It will be done when you reconnect',
  success: ({ subject }) => (subject ? `Done: ${subject}` : 'Done'),
  failed: () => 'Not done',
  record: () => 'Record',
  confirmTitle: () => 'Are you sure?',
  confirmMessage: () => 'This takes effect at once.',
  confirmLabel: () => 'Continue',
}
