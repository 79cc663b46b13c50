import type { ErrorCode, LeadStatus, SmsStatus } from '@org/contracts/client'
import type { ClientErrorCode } from '@org/sync-core'
import type { ActionMessages, Messages } from '../messages/Messages.js'

type ActionName = Exclude<keyof Messages['actions'], 'default'>

/**
 * A whole language: a sentence that the components have learnt and this language has not is a compile error.
 * Teams translate as much as they like (`PartialMessages`); what we ship is complete.
 */
export interface Catalogue extends Omit<Required<Messages>, 'actions' | 'errors' | 'statuses' | 'smsStatuses'> {
  actions: Record<ActionName, ActionMessages>
  errors: Record<ErrorCode | ClientErrorCode, string>
  statuses: Record<LeadStatus, string>
  smsStatuses: Record<SmsStatus, string>
}
