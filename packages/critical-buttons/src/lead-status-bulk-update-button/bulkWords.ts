import type { Formatter } from '../messages/format.js'
import type { ActionMessages, Words } from '../messages/Messages.js'

/** English for changing many leads' status. */
export function createBulkWords({ number, plural }: Formatter): ActionMessages {
  const leads = ({ count = 0 }: Words) => `${number(count)} ${plural(count, { one: 'lead', other: 'leads' })}`
  const mark = (words: Words) => `Mark ${leads(words)} as ${words.status?.toLowerCase()}`
  return {
    label: mark,
    done: (words) => `${leads(words)} updated`,
    pending: (words) => `Updating ${leads(words)}`,
    stillPending: () => 'Still updating',
    queued: (words) => `${leads(words)} will be updated when you reconnect`,
    success: (words) => `${leads(words)} changed to ${words.status}`,
    failed: () => 'Leads not updated',
    record: () => 'Leads',
    confirmTitle: (words) => `${mark(words)}?`,
    confirmMessage: ({ status }) => `All of them move to ${status}.`,
    confirmLabel: mark,
  }
}
