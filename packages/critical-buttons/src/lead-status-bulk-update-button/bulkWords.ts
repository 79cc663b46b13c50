import type { Formatter } from '../messages/format.js'
import type { ActionMessages, BulkMessages, Words } from '../messages/Messages.js'

/** English for changing many leads' status. */
export function createBulkWords({ number, plural }: Formatter): ActionMessages {
  const leads = ({ count = 0 }: Words) => `${number(count)} ${plural(count, { one: 'lead', other: 'leads' })}`
  const changed = ({ count = 0, unchanged = 0 }: Words) => ({ count: count - unchanged })
  const rest = ({ unchanged = 0 }: Words) => (unchanged > 0 ? `, ${number(unchanged)} unchanged` : '')
  const mark = (words: Words) => `Mark ${leads(words)} as ${words.status?.toLowerCase()}`
  return {
    label: mark,
    done: (words) => `${leads(changed(words))} updated${rest(words)}`,
    pending: (words) => `Updating ${leads(words)}`,
    stillPending: () => 'Still updating',
    queued: (words) => `${leads(words)} will be updated when you reconnect`,
    success: (words) => `${leads(changed(words))} changed to ${words.status}${rest(words)}`,
    failed: () => 'Leads not updated',
    record: () => 'One of the leads',
    confirmTitle: (words) => `${mark(words)}?`,
    confirmMessage: ({ status, isFinal }) => (isFinal ? 'This is final.' : `All of them move to ${status}.`),
    confirmLabel: mark,
  }
}

/** English for what such a button shows beside that. */
export function createBulkMessages({ number }: Formatter): BulkMessages {
  return { more: (count) => `and ${number(count)} more` }
}
