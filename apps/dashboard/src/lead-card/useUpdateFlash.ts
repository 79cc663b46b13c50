import { useLeadStatusSync } from '@org/critical-buttons'
import { useEffect, useState } from 'react'

const FLASH_MS = 3_000

/** Who changed the lead just now, for three seconds after someone else did; null otherwise. */
export function useUpdateFlash(leadId: string): string | null {
  const { updatedLead } = useLeadStatusSync(leadId)
  const [updatedBy, setUpdatedBy] = useState<string | null>(null)
  useEffect(() => {
    if (!updatedLead) return
    setUpdatedBy(updatedLead.updatedBy)
    const timer = setTimeout(() => setUpdatedBy(null), FLASH_MS)
    return () => clearTimeout(timer)
  }, [updatedLead])
  return updatedBy
}
