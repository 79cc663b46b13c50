import { type LeadStatus, type LeadStatusEntry, VALID_STATUSES } from '@org/contracts/client'
import type { CommonMessages } from '../messages/Messages.js'
import { own } from '../messages/own.js'
import type { Environment } from '../provider/environment.js'

/** The vocabulary in use: the team's, else the built-in one. */
export function statusesIn({ leadStatuses = VALID_STATUSES }: Environment): readonly LeadStatusEntry[] {
  return leadStatuses
}

/** What the vocabulary says of a status; of one that it does not know, the value alone. */
export function entryOf(environment: Environment, status: LeadStatus): LeadStatusEntry {
  return statusesIn(environment).find(({ value }) => value === status) ?? { value: status }
}

/** The catalogue's word for a status, else the vocabulary's. */
export function statusLabel(messages: CommonMessages, { value, label }: LeadStatusEntry): string {
  // A row's columns are the server's word: what is no text must not end the page.
  return own(messages.statuses, value) ?? label ?? String(value)
}
