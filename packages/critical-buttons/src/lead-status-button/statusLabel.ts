import { type LeadStatus, VALID_STATUSES } from '@org/contracts/client'
import type { CommonMessages } from '../messages/Messages.js'

/** The catalogue's word for a status, else the contracts'. */
export function statusLabel(messages: CommonMessages, status: LeadStatus): string {
  return (
    (Object.hasOwn(messages.statuses, status) ? messages.statuses[status] : undefined) ??
    VALID_STATUSES.find(({ value }) => value === status)?.label ??
    status
  )
}
