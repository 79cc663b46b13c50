import { textSchema } from './id.js'
import { LIMITS } from './limits.js'

/** The statuses of a lead, in pipeline order, with label and colour. */
export const VALID_STATUSES = [
  { value: 'new', label: 'New', color: 'blue' },
  { value: 'contacted', label: 'Contacted', color: 'yellow' },
  { value: 'qualified', label: 'Qualified', color: 'green' },
  { value: 'proposal_sent', label: 'Proposal Sent', color: 'purple' },
  { value: 'negotiating', label: 'Negotiating', color: 'orange' },
  { value: 'won', label: 'Won', color: 'green' },
  { value: 'lost', label: 'Lost', color: 'red' },
] as const

/** A status the built-in list knows, or a text of the team's own vocabulary. */
export type LeadStatus = (typeof VALID_STATUSES)[number]['value'] | (string & {})
export type StatusColor = (typeof VALID_STATUSES)[number]['color']

/** Text of 1 to 64 characters: whether a team's vocabulary has the status, the effect alone can tell (STATUS_UNKNOWN). */
export const leadStatusSchema = textSchema(LIMITS.statusLength, 1)

/** Any status may follow any other, except that this one is final. */
export const FINAL_STATUS: LeadStatus = 'won'

/** The label of a status, for people. */
export function leadStatusLabel(status: LeadStatus): string {
  return VALID_STATUSES.find((entry) => entry.value === status)?.label ?? status
}
