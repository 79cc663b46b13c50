import { useEffect, useState } from 'react'
import { useLeadStatusSync } from '../../src/index.js'

/** Pattern 3: show when other users update leads. */
export function CollaborativeLeadCard({ lead }: { lead: { id: string; name: string; status: string } }) {
  const [lastUpdatedBy, setLastUpdatedBy] = useState<string | null>(null)
  const { updatedLead } = useLeadStatusSync(lead.id)

  useEffect(() => {
    if (updatedLead === null || updatedLead.id !== lead.id) return
    setLastUpdatedBy(updatedLead.updatedBy)
    const timer = setTimeout(() => setLastUpdatedBy(null), 3000) // Flash for 3s
    return () => clearTimeout(timer)
  }, [updatedLead, lead.id])

  return (
    <div className={lastUpdatedBy ? 'bg-yellow-100' : ''}>
      {lead.name} - {updatedLead?.status ?? lead.status}
      {lastUpdatedBy && <span className="text-sm text-gray-500">Updated by {lastUpdatedBy}</span>}
    </div>
  )
}
