import { createFormatter, type Formatter } from './format.js'
import type { ActionMessages, Messages, Words } from './Messages.js'

const to = ({ subject }: Words) => (subject ? ` to ${subject}` : '')
const of = ({ subject }: Words) => (subject ? ` of ${subject}` : '')
const colon = ({ subject }: Words) => (subject ? `: ${subject}` : '')

const booking: ActionMessages = {
  label: () => 'Confirm booking',
  done: () => 'Confirmed',
  pending: (words) => `Confirming booking${colon(words)}`,
  stillPending: () => 'Still confirming',
  queued: () => 'Booking will be confirmed when you reconnect',
  success: (words) => `Booking confirmed${colon(words)}`,
  failed: () => 'Booking not confirmed',
  record: () => 'Booking',
  confirmTitle: () => 'Confirm this booking?',
  confirmMessage: ({ subject }) => (subject ? `${subject} will be marked as confirmed.` : 'The appointment will be marked as confirmed.'),
  confirmLabel: () => 'Confirm booking',
}

const sms: ActionMessages = {
  label: () => 'Send SMS',
  done: () => 'Sent',
  pending: (words) => `Sending SMS${to(words)}`,
  stillPending: () => 'Still sending',
  queued: () => 'SMS will be sent when you reconnect',
  success: (words) => `SMS sent${to(words)}`,
  failed: () => 'SMS not sent',
  record: () => 'Lead',
  confirmTitle: ({ subject }) => (subject ? `Send SMS to ${subject}?` : 'Send this SMS?'),
  confirmMessage: () => 'The message goes out at once and cannot be called back.',
  confirmLabel: () => 'Send SMS',
}

const leadStatus: ActionMessages = {
  label: ({ status }) => status ?? 'Change status',
  done: ({ status }) => status ?? 'Changed',
  pending: (words) => `Changing status${of(words)} to ${words.status}`,
  stillPending: () => 'Still saving',
  queued: () => 'Status will be changed when you reconnect',
  success: (words) => `Status${of(words)} changed to ${words.status}`,
  failed: () => 'Status not changed',
  record: () => 'Lead',
  confirmTitle: ({ subject, status }) => `Mark ${subject ?? 'this lead'} as ${status?.toLowerCase()}?`,
  confirmMessage: ({ status }) => `The lead moves to ${status}.`,
  confirmLabel: ({ status }) => `Mark as ${status?.toLowerCase()}`,
}

function bulkStatus({ number, plural }: Formatter): ActionMessages {
  const leads = ({ count = 0 }: Words) => `${number(count)} ${plural(count, { one: 'lead', other: 'leads' })}`
  return {
    label: (words) => `Mark ${leads(words)} as ${words.status?.toLowerCase()}`,
    done: (words) => `${leads(words)} updated`,
    pending: (words) => `Updating ${leads(words)}`,
    stillPending: () => 'Still updating',
    queued: (words) => `${leads(words)} will be updated when you reconnect`,
    success: (words) => `${leads(words)} changed to ${words.status}`,
    failed: () => 'Leads not updated',
    record: () => 'Leads',
    confirmTitle: (words) => `Mark ${leads(words)} as ${words.status?.toLowerCase()}?`,
    confirmMessage: ({ status }) => `All of them move to ${status}.`,
    confirmLabel: (words) => `Mark ${leads(words)} as ${words.status?.toLowerCase()}`,
  }
}

const anyAction: ActionMessages = {
  label: () => 'Continue',
  done: () => 'Done',
  pending: (words) => `Working${colon(words)}`,
  stillPending: () => 'Still working',
  queued: () => 'It will be done when you reconnect',
  success: (words) => `Done${colon(words)}`,
  failed: () => 'Not done',
  record: () => 'Record',
  confirmTitle: () => 'Are you sure?',
  confirmMessage: () => 'This takes effect at once.',
  confirmLabel: () => 'Continue',
}

/**
 * The English catalogue.
 * @param locale for numbers, plurals and times. BCP 47. @default 'en'
 */
export function createEnglishMessages(locale = 'en'): Messages {
  const format = createFormatter(locale)
  const { number, plural } = format
  const actions = (count: number) => `${number(count)} ${plural(count, { one: 'action', other: 'actions' })}`

  return {
    locale,
    actions: {
      'booking.confirm': booking,
      'sms.send': sms,
      'lead.updateStatus': leadStatus,
      'lead.bulkUpdateStatus': bulkStatus(format),
      default: anyAction,
    },
    errors: {},
    statuses: {},
    smsStatuses: {
      pending: 'Sending',
      sent: 'Sent',
      delivered: 'Delivered',
      undelivered: 'Not delivered',
      failed: 'Failed',
      indeterminate: 'Outcome unknown',
      expired: 'Expired',
      cancelled: 'Cancelled',
    },

    attempt: (attempt, maxAttempts) => `Attempt ${number(attempt)} of ${number(maxAttempts)}`,
    offline: 'You are offline',
    waiting: 'Waiting to be sent',
    tryingAgainIn: (ms) => `Trying again in about ${format.duration(ms)}`,
    busy: 'Service is busy',
    checking: 'Checking whether it went through',
    conflict: (record, by) => `Not saved. ${record} was changed by ${by ?? 'someone else'}. Review the change`,
    conflictNow: (value) => `It now says ${value}`,
    unknown: 'Outcome unknown. Look at the record before you try again',
    bulkProgress: (processed, total, failed) =>
      `${number(processed)} of ${number(total)} updated${failed > 0 ? `, ${number(failed)} failed` : ''}`,
    partial: (updated, failed) => `${number(updated)} updated, ${number(failed)} failed`,
    more: (count) => `and ${number(count)} more`,
    tryAgainAvailable: 'Try again is available',
    memoryOnly: 'Not kept on this device: closing this tab would lose it',
    repeated: 'Sent a moment ago, so it was not sent twice',
    cancelUnreachable: 'Could not ask the server, so it was not cancelled',
    cancelTooLate: 'Too late to cancel: it already took effect',
    cancelled: 'Cancelled',
    changedWhileOpen: 'This changed while you were deciding. Please confirm again',
    notReady: 'Not signed in yet',
    finalStatus: (status) => `${status} is final`,
    chooseStatus: (subject) => (subject ? `Status of ${subject}` : 'Status'),

    buttons: {
      tryAgain: 'Try again',
      tryNow: 'Try now',
      checkAgain: 'Check again',
      retryFailed: (count) => `Retry the ${number(count)} failed`,
      sendAgain: 'Send again',
      dismiss: 'Dismiss',
      reviewed: 'I have seen the change',
      undo: 'Undo',
      cancel: 'Cancel',
      back: 'Cancel',
    },

    indicator: {
      offline: (pending) => (pending === 0 ? 'Offline' : `Offline, ${actions(pending)} waiting`),
      sending: (pending) => `Sending ${actions(pending)}`,
      attention: (count) => `${actions(count)} ${plural(count, { one: 'needs', other: 'need' })} your attention`,
      backOnline: 'Back online',
      syncNow: 'Sync now',
    },

    history: { title: 'SMS history', empty: 'No SMS yet', loading: 'Loading SMS history', failed: 'SMS history could not be loaded' },

    time: format.time,
  }
}
