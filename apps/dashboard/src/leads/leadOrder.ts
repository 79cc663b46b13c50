import { VALID_STATUSES } from '@org/critical-buttons'
import type { LeadRow } from '../data/useRows.js'

/** What leads can be put in order of. */
export const LEAD_COLUMNS = [
  { by: 'name', label: 'Name' },
  { by: 'status', label: 'Status' },
  { by: 'changed', label: 'Last change' },
] as const

export type LeadColumn = (typeof LEAD_COLUMNS)[number]['by']

export interface LeadOrder {
  by: LeadColumn
  /** Z to A, the last status first, the newest change first. */
  descending: boolean
}

// One for all: a new one for each comparison would cost more than the comparing.
const { compare } = new Intl.Collator()
const PLACE = new Map<string, number>(VALID_STATUSES.map(({ value }, index) => [value, index]))
// A status that nobody here knows stands behind the known ones.
const placeOf = (status: string) => PLACE.get(status) ?? PLACE.size

const COMPARE: Readonly<Record<LeadColumn, (a: LeadRow, b: LeadRow) => number>> = {
  name: (a, b) => compare(a.name, b.name),
  status: (a, b) => placeOf(a.status) - placeOf(b.status) || compare(a.status, b.status),
  changed: (a, b) => timeOf(a) - timeOf(b),
}

const timeOf = ({ updated_at: at }: LeadRow) => (at ? Date.parse(at) || 0 : 0)

/** The leads in that order; leads that are alike in it go by name, then by id, so that none changes its place by chance. Pure. */
export function inOrder(leads: readonly LeadRow[], { by, descending }: LeadOrder): LeadRow[] {
  const way = descending ? -1 : 1
  return [...leads].sort((a, b) => way * COMPARE[by](a, b) || compare(a.name, b.name) || (a.id < b.id ? -1 : 1))
}

/** What a click on a column's head asks for: that column as one reads it first, and the other way round the next time. Pure. */
export function orderedBy(by: LeadColumn, present: LeadOrder): LeadOrder {
  return { by, descending: by === present.by ? !present.descending : by === 'changed' }
}
