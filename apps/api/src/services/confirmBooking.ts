import type { bookingConfirm, RequestOf } from '@org/contracts'
import type { Database } from '../database/Database.js'
import type { ActionAnswer, ActionCall, ActionOptions } from './ActionCall.js'
import { runAction } from './runAction.js'

/** Confirms a pending appointment in the caller's name. */
export function confirmBooking(
  database: Database,
  call: ActionCall<RequestOf<typeof bookingConfirm>>,
  options?: ActionOptions,
): Promise<ActionAnswer> {
  return runAction(database, { effect: 'confirm_booking', call, options })
}
