import { bookingConfirm } from './bookingConfirm.js'
import type { AnyAction } from './defineAction.js'
import { leadBulkUpdateStatus } from './leadBulkUpdateStatus.js'
import { leadUpdateStatus } from './leadUpdateStatus.js'
import { smsSend } from './smsSend.js'

/** The built-in actions. A team adds its own beside them with `defineAction`. */
export const ACTIONS = [bookingConfirm, smsSend, leadUpdateStatus, leadBulkUpdateStatus] as const

/** Looks an action up by name among `actions`; undefined when none has it. */
export function findAction(name: string, actions: readonly AnyAction[] = ACTIONS): AnyAction | undefined {
  return actions.find((action) => action.name === name)
}
