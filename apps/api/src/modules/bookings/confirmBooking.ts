import type { bookingConfirm, RequestOf } from '@org/contracts'
import type { Database } from '../../engine/database/Database.js'
import type { ActionAnswer, ActionCall, ActionOptions } from '../../engine/ledger/ActionCall.js'
import { runAction } from '../../engine/ledger/runAction.js'

/** Confirms a pending appointment in the caller's name. */
export function confirmBooking(
  database: Database,
  call: ActionCall<RequestOf<typeof bookingConfirm>>,
  options?: ActionOptions,
): Promise<ActionAnswer> {
  return runAction(database, { effect: 'confirm_booking', call, options })
}
