import type { LeadRow } from '../data/useRows.js'

export interface LeadFilter {
  text: string
  /** A status, or "all". */
  status: string
}

/** The leads a person looks for, by name or phone and by status, in order of name. Pure. */
export function filterLeads(leads: readonly LeadRow[], { text, status }: LeadFilter): LeadRow[] {
  const wanted = text.trim().toLocaleLowerCase()
  return leads
    .filter((lead) => status === 'all' || lead.status === status)
    .filter((lead) => `${lead.name} ${lead.phone ?? ''}`.toLocaleLowerCase().includes(wanted))
    .sort((a, b) => a.name.localeCompare(b.name))
}
