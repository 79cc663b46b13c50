import type { leadUpdateStatus, RequestOf } from '@org/contracts'
import type { Database } from '../database/Database.js'
import type { ActionAnswer, ActionCall, ActionOptions } from './ActionCall.js'
import { runAction } from './runAction.js'

/** Moves one lead to another status. Without a key: last writer wins, nothing is recorded. */
export function updateLeadStatus(
  database: Database,
  call: ActionCall<RequestOf<typeof leadUpdateStatus>>,
  options?: ActionOptions,
): Promise<ActionAnswer> {
  return runAction(database, { effect: 'update_lead_status', call, options })
}
