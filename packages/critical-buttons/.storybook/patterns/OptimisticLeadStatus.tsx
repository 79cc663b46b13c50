import { type LeadStatus, useLeadStatus, useRow, useSyncClient } from '../../src/index.js'

/**
 * Pattern 2: update the UI before the server confirms. No state of one's own is needed: the row the
 * client keeps already shows what was clicked, in every component and tab, and goes back by itself.
 */
export function OptimisticLeadStatus({ leadId, initialStatus }: { leadId: string; initialStatus: LeadStatus }) {
  const row = useRow(useSyncClient(), 'leads', leadId)
  const { mutate, isPending, error } = useLeadStatus(leadId)
  const status = (row?.row.status as LeadStatus | undefined) ?? initialStatus

  return (
    <>
      <button type="button" aria-disabled={isPending || undefined} onClick={() => mutate({ leadId, status: 'qualified' })}>
        {status}
      </button>
      {error && <p role="alert">Failed to update status: {error.message}</p>}
    </>
  )
}
