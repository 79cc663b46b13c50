import { bookingConfirm, LIMITS, leadBulkUpdateStatus, leadUpdateStatus, type RequestOf, smsSend } from '@org/contracts'
import type { Database } from '../database/Database.js'
import type { ActionAnswer, ActionCall } from '../services/ActionCall.js'
import { bulkUpdateLeadStatus } from '../services/bulkUpdateLeadStatus.js'
import { confirmBooking } from '../services/confirmBooking.js'
import { updateLeadStatus } from '../services/updateLeadStatus.js'
import { type ActionRoute, actionRoute } from './ActionRoute.js'

export interface BuiltInActionsOptions {
  database: Database
  /** Takes an SMS over and waits a little for the carrier. */
  sendSms: (call: ActionCall<RequestOf<typeof smsSend>>) => Promise<ActionAnswer>
}

/** The actions of the integration guide. A team's own is one more line: `actionRoute(action, run)`. */
export function builtInActions({ database, sendSms }: BuiltInActionsOptions): ActionRoute[] {
  return [
    actionRoute(bookingConfirm, (call) => confirmBooking(database, call)),
    actionRoute(smsSend, sendSms),
    actionRoute(leadBulkUpdateStatus, (call) => bulkUpdateLeadStatus(database, call), {
      takes: hasLeadIds,
      maxBodyBytes: LIMITS.bulkBodyBytes,
      maxAnswerBytes: LIMITS.bulkBodyBytes,
    }),
    actionRoute(leadUpdateStatus, (call) => updateLeadStatus(database, call), { otherPaths: ['/api/leads/:leadId/update-status'] }),
  ]
}

const hasLeadIds = (body: unknown) => typeof body === 'object' && body !== null && Object.hasOwn(body, 'leadIds')
