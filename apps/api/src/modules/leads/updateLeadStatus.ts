import type { leadUpdateStatus, RequestOf } from '@org/contracts'
import type { Database } from '../../engine/database/Database.js'
import type { ActionAnswer, ActionCall, ActionOptions } from '../../engine/ledger/ActionCall.js'
import { runAction } from '../../engine/ledger/runAction.js'

/** Moves one lead to another status. Without a key: last writer wins, nothing is recorded. */
export function updateLeadStatus(
  database: Database,
  call: ActionCall<RequestOf<typeof leadUpdateStatus>>,
  options?: ActionOptions,
): Promise<ActionAnswer> {
  return runAction(database, { effect: 'update_lead_status', call, options })
}
