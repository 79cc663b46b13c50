import { type LeadStatus, VALID_STATUSES } from '@org/contracts/client'
import type { CommonMessages } from '../messages/Messages.js'
import { own } from '../messages/own.js'

/** The catalogue's word for a status, else the contracts'. */
export function statusLabel(messages: CommonMessages, status: LeadStatus): string {
  return (
    own(messages.statuses, status) ??
    VALID_STATUSES.find(({ value }) => value === status)?.label ??
    // A row's columns are the server's word: what is no text must not end the page.
    String(status)
  )
}
