import type { leadBulkUpdateStatus, RequestOf } from '@org/contracts'
import type { Database } from '../database/Database.js'
import type { ActionAnswer, ActionCall, ActionOptions } from './ActionCall.js'
import { runAction } from './runAction.js'

/** Moves many leads to one status in one statement, with an outcome per lead. Without a key nothing is recorded. */
export function bulkUpdateLeadStatus(
  database: Database,
  call: ActionCall<RequestOf<typeof leadBulkUpdateStatus>>,
  options?: ActionOptions,
): Promise<ActionAnswer> {
  return runAction(database, { effect: 'bulk_update_lead_status', call, options })
}
