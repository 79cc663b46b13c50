import type { HistoryMessages } from '../messages/Messages.js'
import { createTimeFormat } from '../messages/timeFormat.js'

/** English for SmsHistory. */
export function createHistoryWords(locale: string): HistoryMessages {
  return {
    title: 'SMS history',
    empty: 'No SMS yet',
    loading: 'Loading SMS history',
    failed: 'SMS history could not be loaded',
    time: createTimeFormat(locale),
  }
}
