import type { LeadStatus } from '@org/contracts/client'

/** One question for every status, or one for each status that is asked about. */
export type StatusConfirmMessage = string | Partial<Record<LeadStatus, string>>

/** Asked about when nothing else is said: the end of the pipeline, either way. */
const ASKED_BY_DEFAULT: readonly LeadStatus[] = ['won', 'lost']

/**
 * Whether choosing a status asks first, and with which words. Pure.
 * @returns undefined: no question; `true`: a question in the catalogue's words
 */
export function confirmMessageFor(status: LeadStatus, message: StatusConfirmMessage | undefined): string | true | undefined {
  if (typeof message === 'string') return message
  if (message !== undefined) return message[status]
  return ASKED_BY_DEFAULT.includes(status) ? true : undefined
}
