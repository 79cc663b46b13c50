import { textSchema } from './id.js'
import { LIMITS } from './limits.js'

/** The palette's names; each has a background and a text colour for light and dark. */
export type Tone = 'blue' | 'yellow' | 'green' | 'purple' | 'orange' | 'red' | 'gray'

/** One status of a vocabulary. */
export interface LeadStatusEntry {
  /** As the server stores and answers it: 1 to 64 characters. */
  value: string
  /** What people read; a word of the catalogue (`messages.statuses`) wins, as a translation must. @default the value */
  label?: string
  /** @default 'gray' */
  color?: Tone
  /** No status follows this one: the server refuses a change with STATUS_FINAL. @default false */
  final?: boolean
}

/** The built-in vocabulary, in pipeline order. Any status may follow any other, except that a final one stays. */
export const VALID_STATUSES = [
  { value: 'new', label: 'New', color: 'blue' },
  { value: 'contacted', label: 'Contacted', color: 'yellow' },
  { value: 'qualified', label: 'Qualified', color: 'green' },
  { value: 'proposal_sent', label: 'Proposal Sent', color: 'purple' },
  { value: 'negotiating', label: 'Negotiating', color: 'orange' },
  { value: 'won', label: 'Won', color: 'green', final: true },
  { value: 'lost', label: 'Lost', color: 'red' },
] as const satisfies readonly LeadStatusEntry[]

/** A status the built-in vocabulary knows, or a text of the team's own. */
export type LeadStatus = (typeof VALID_STATUSES)[number]['value'] | (string & {})

/** Text of 1 to 64 characters: whether a team's vocabulary has the status, the effect alone can tell (STATUS_UNKNOWN). */
export const leadStatusSchema = textSchema(LIMITS.statusLength, 1)
