import type { LeadRow, LeadStatus } from '@org/contracts'
import { aLead } from '@org/contracts/testing'

export const STATUSES: readonly LeadStatus[] = ['new', 'contacted', 'qualified']

/** As many leads as asked for, all new. */
export function makeLeads(count: number): LeadRow[] {
  return Array.from({ length: count }, (_, index) => aLead({ id: `lead-${index}`, name: `Lead ${index}` }))
}

/** The same lead one version later. */
export function nextVersion(row: LeadRow): LeadRow {
  return { ...row, version: row.version + 1, status: STATUSES[row.version % STATUSES.length] ?? 'new' }
}
