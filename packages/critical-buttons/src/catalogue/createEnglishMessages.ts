import { bookingWords } from '../booking-confirm-button/bookingWords.js'
import { anyActionWords } from '../critical-button/anyActionWords.js'
import { createCommonWords } from '../critical-button/commonWords.js'
import { createBulkMessages, createBulkWords } from '../lead-status-bulk-update-button/bulkWords.js'
import { leadStatusWords, statusMessages } from '../lead-status-button/leadStatusWords.js'
import { createFormatter } from '../messages/format.js'
import type { Messages } from '../messages/Messages.js'
import { createIndicatorWords } from '../offline-indicator/indicatorWords.js'
import { smsWords } from '../send-sms-button/smsWords.js'
import { createHistoryWords } from '../sms-history/historyWords.js'
import { smsStatusWords } from '../sms-history/smsStatusWords.js'

/**
 * The whole English catalogue: what a translation starts from, and what its type must cover.
 * @param locale for numbers, plurals and times. BCP 47. @default 'en'
 */
export function createEnglishMessages(locale = 'en'): Messages {
  const format = createFormatter(locale)
  return {
    ...createCommonWords(locale),
    ...statusMessages,
    ...createBulkMessages(format),
    smsStatuses: smsStatusWords,
    indicator: createIndicatorWords(format),
    history: createHistoryWords(locale),
    actions: {
      'booking.confirm': bookingWords,
      'sms.send': smsWords,
      'lead.updateStatus': leadStatusWords,
      'lead.bulkUpdateStatus': createBulkWords(format),
      default: anyActionWords,
    },
  }
}
