import { useLeadStatus, useRow, useSyncClient, VALID_STATUSES } from '@org/critical-buttons'
import type { LeadRow } from '../data/useRows.js'

/** Leads shown to try a pattern on. */
const SHOWN = 5

/** Plain buttons over the hook: the row shows what was clicked in every place at once, and goes back by itself when it is refused. */
export function OptimisticPattern({ leads }: { leads: readonly LeadRow[] }) {
  return (
    <ul className="pattern-list">
      {leads.slice(0, SHOWN).map((lead) => (
        <OptimisticLead key={lead.id} lead={lead} />
      ))}
    </ul>
  )
}

function OptimisticLead({ lead }: { lead: LeadRow }) {
  const row = useRow(useSyncClient(), 'leads', lead.id)
  const { mutate, isPending, error } = useLeadStatus(lead.id)
  const status = String(row?.row.status ?? lead.status)
  const isThere = status === 'qualified'
  return (
    <li data-lead={lead.id}>
      <span className="pattern-name">{lead.name}</span>
      <span className="soft small">{VALID_STATUSES.find(({ value }) => value === status)?.label ?? status}</span>
      <button
        type="button"
        className="plain-button"
        aria-disabled={isPending || isThere || undefined}
        onClick={() => isPending || isThere || mutate({ leadId: lead.id, status: 'qualified' })}
      >
        Qualify<span className="unseen"> {lead.name}</span>
      </button>
      <p className="small pattern-trouble" role="alert">
        {error && `Failed to update status: ${error.message}`}
      </p>
    </li>
  )
}
