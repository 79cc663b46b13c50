import type { ActionMessages, StatusMessages, Words } from '../messages/Messages.js'

const of = ({ subject }: Words) => (subject ? ` of ${subject}` : '')
const asStatus = ({ status = '' }: Words) => `as ${status.toLowerCase()}`

/** English for changing one lead's status. */
export const leadStatusWords: ActionMessages = {
  label: ({ status = '' }) => status,
  done: ({ status = '' }) => status,
  pending: (words) => `Changing status${of(words)} to ${words.status}`,
  stillPending: () => 'Still saving',
  queued: () => 'Status will be changed when you reconnect',
  success: (words) => `Status${of(words)} changed to ${words.status}`,
  failed: () => 'Status not changed',
  record: () => 'Lead',
  overrule: ({ status }) => `Mark as ${status} anyway`,
  confirmTitle: (words) => `Mark ${words.subject ?? 'this lead'} ${asStatus(words)}?`,
  confirmMessage: ({ status, isFinal }) => (isFinal ? 'This is final.' : `The lead moves to ${status}.`),
  confirmLabel: (words) => `Mark ${asStatus(words)}`,
}

/** English for what a status button shows beside that. */
export const statusMessages: StatusMessages = {
  chooseStatus: (subject) => (subject ? `Status of ${subject}` : 'Status'),
  changedTo: (value, by = 'Someone else') => `${by} set it to ${value}`,
}
