import { bookingWords } from '../booking-confirm-button/bookingWords.js'
import { anyActionWords } from '../critical-button/anyActionWords.js'
import { createBulkWords } from '../lead-status-bulk-update-button/bulkWords.js'
import { leadStatusWords } from '../lead-status-button/leadStatusWords.js'
import { createIndicatorWords } from '../offline-indicator/indicatorWords.js'
import { smsWords } from '../send-sms-button/smsWords.js'
import { createHistoryWords } from '../sms-history/historyWords.js'
import { smsStatusWords } from '../sms-history/smsStatusWords.js'
import { createCommonEnglish } from './commonEnglish.js'
import { createFormatter } from './format.js'
import type { Messages } from './Messages.js'

/**
 * The whole English catalogue: what a translation starts from, and what its type must cover.
 * @param locale for numbers, plurals and times. BCP 47. @default 'en'
 */
export function createEnglishMessages(locale = 'en'): Messages {
  const format = createFormatter(locale)
  return {
    ...createCommonEnglish(locale),
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
