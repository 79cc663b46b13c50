import type { leadBulkUpdateStatus, RequestOf } from '@org/contracts'
import type { Database } from '../../engine/database/Database.js'
import type { ActionAnswer, ActionCall, ActionOptions } from '../../engine/ledger/ActionCall.js'
import { runAction } from '../../engine/ledger/runAction.js'

/** Moves many leads to one status in one statement, with an outcome per lead. Without a key nothing is recorded. */
export function bulkUpdateLeadStatus(
  database: Database,
  call: ActionCall<RequestOf<typeof leadBulkUpdateStatus>>,
  options?: ActionOptions,
): Promise<ActionAnswer> {
  return runAction(database, { effect: 'bulk_update_lead_status', call, options })
}
