import type { LeadRow } from '../data/useRows.js'

export interface LeadFilter {
  text: string
  /** A status, or "all". */
  status: string
}

/** The leads a person looks for, by name or phone and by status. Pure. */
export function filterLeads(leads: readonly LeadRow[], { text, status }: LeadFilter): LeadRow[] {
  const wanted = text.trim().toLocaleLowerCase()
  // Numbers are shown in groups, and typed and pasted in groups of any kind.
  const digits = /^[+\d\s().-]*\d[\d\s().-]*$/.test(wanted) ? wanted.replaceAll(/[^+\d]/g, '') : wanted
  return leads
    .filter((lead) => status === 'all' || lead.status === status)
    .filter((lead) => lead.name.toLocaleLowerCase().includes(wanted) || (lead.phone ?? '').includes(digits))
}
