import { LeadStatusButton, useLeadStatusSync } from '@org/critical-buttons'
import { useEffect, useState } from 'react'
import type { LeadRow } from '../data/useRows.js'

const SHOWN = 5
const FLASH_MS = 3_000

/** Whoever looks at the same leads sees at once what the others do, and who did it. */
export function TogetherPattern({ leads }: { leads: readonly LeadRow[] }) {
  return (
    <>
      <p className="soft small pattern-hint">Open this page in a second tab as Ben, and change a lead there.</p>
      <ul className="pattern-list">
        {leads.slice(0, SHOWN).map((lead) => (
          <CollaborativeLead key={lead.id} lead={lead} />
        ))}
      </ul>
    </>
  )
}

function CollaborativeLead({ lead }: { lead: LeadRow }) {
  const { updatedLead } = useLeadStatusSync(lead.id)
  const [updatedBy, setUpdatedBy] = useState<string | null>(null)
  useEffect(() => {
    if (!updatedLead) return
    setUpdatedBy(updatedLead.updatedBy)
    const timer = setTimeout(() => setUpdatedBy(null), FLASH_MS)
    return () => clearTimeout(timer)
  }, [updatedLead])
  return (
    <li data-lead={lead.id} data-flash={updatedBy !== null || undefined}>
      <span className="pattern-name">{lead.name}</span>
      <span className="small" role="status">
        {updatedBy !== null && `Updated by ${updatedBy}`}
      </span>
      <LeadStatusButton leadId={lead.id} currentStatus={lead.status} variant="with-confirm" />
    </li>
  )
}
