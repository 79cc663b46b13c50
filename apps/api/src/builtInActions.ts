import { bookingConfirm, HEADERS, LIMITS, leadBulkUpdateStatus, leadUpdateStatus, type RequestOf, smsSend } from '@org/contracts'
import { type ActionRoute, actionRoute } from './engine/actions/ActionRoute.js'
import type { Database } from './engine/database/Database.js'
import type { ActionAnswer, ActionCall, ActionOptions } from './engine/ledger/ActionCall.js'
import { confirmBooking } from './modules/bookings/confirmBooking.js'
import { bulkUpdateLeadStatus } from './modules/leads/bulkUpdateLeadStatus.js'
import { updateLeadStatus } from './modules/leads/updateLeadStatus.js'
import type { TwilioCircuitBreaker } from './modules/sms/breaker/TwilioCircuitBreaker.js'

export interface BuiltInActionsOptions {
  database: Database
  breaker: TwilioCircuitBreaker
  smsPerMinute: number
  /** Takes an SMS over and waits a little for the carrier. */
  takeOverSms: (call: ActionCall<RequestOf<typeof smsSend>>, options: ActionOptions) => Promise<ActionAnswer>
}

/** The actions of the integration guide. A team's own is one more line: `actionRoute(action, run)`. */
export function builtInActions({ database, breaker, smsPerMinute, takeOverSms }: BuiltInActionsOptions): ActionRoute[] {
  return [
    actionRoute(bookingConfirm, (call, options) => confirmBooking(database, call, options), {
      // Who confirmed is what the token says; a body that says otherwise is somebody's mistake or worse.
      forbids: ({ confirmedBy }, { actor }) => (confirmedBy === undefined || confirmedBy === actor ? null : 'FORBIDDEN'),
    }),
    actionRoute(smsSend, takeOverSms, { perMinute: smsPerMinute, headers: () => ({ [HEADERS.smsBreaker]: breaker.getState() }) }),
    actionRoute(leadBulkUpdateStatus, (call, options) => bulkUpdateLeadStatus(database, call, options), {
      takes: hasLeadIds,
      maxBodyBytes: LIMITS.bulkBodyBytes,
      maxAnswerBytes: LIMITS.bulkBodyBytes,
    }),
    actionRoute(leadUpdateStatus, (call, options) => updateLeadStatus(database, call, options), {
      otherPaths: ['/api/leads/:leadId/update-status'],
    }),
  ]
}

const hasLeadIds = (body: unknown) => typeof body === 'object' && body !== null && Object.hasOwn(body, 'leadIds')
