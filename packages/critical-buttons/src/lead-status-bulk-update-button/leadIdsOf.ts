/** A lead, or its id. */
export type LeadRef = string | { readonly id: string }

/** The ids of leads given as ids or rows, each once, in order. Pure. */
export function leadIdsOf(leads: readonly LeadRef[]): string[] {
  return [...new Set(leads.map((lead) => (typeof lead === 'string' ? lead : lead.id)))]
}
