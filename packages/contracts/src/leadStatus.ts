import * as z from '#z'

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

export type LeadStatus = (typeof VALID_STATUSES)[number]['value']
export type StatusColor = (typeof VALID_STATUSES)[number]['color']

export const leadStatusSchema = z.enum(['new', 'contacted', 'qualified', 'proposal_sent', 'negotiating', 'won', 'lost'])

/** Any status may follow any other, except that this one is final. */
export const FINAL_STATUS: LeadStatus = 'won'

/** The label of a status, for people. */
export function leadStatusLabel(status: LeadStatus): string {
  return VALID_STATUSES.find((entry) => entry.value === status)?.label ?? status
}
