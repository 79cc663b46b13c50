import type { LeadStatus, LeadStatusEntry } from '@org/contracts/client'

/** One question for every status, or one for each status that is asked about. */
export type StatusConfirmMessage = string | Partial<Record<LeadStatus, string>>

/**
 * Whether choosing a status asks first, and with which words: when nothing else is said, the end of the pipeline does, either
 * way. Pure.
 * @returns undefined: no question; `true`: a question in the catalogue's words
 */
export function confirmMessageFor({ value, final }: LeadStatusEntry, message: StatusConfirmMessage | undefined): string | true | undefined {
  if (typeof message === 'string') return message
  if (message !== undefined) return message[value]
  return final || value === 'lost' || undefined
}
