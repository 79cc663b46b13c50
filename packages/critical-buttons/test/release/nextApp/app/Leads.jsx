'use client'
import { CriticalButtonsProvider, LeadStatusButton, useLeadStatusSync } from '@org/critical-buttons'
import { SyncInspector } from '@org/critical-buttons/inspector'

export function Leads() {
  return (
    <CriticalButtonsProvider>
      <Lead />
      <SyncInspector />
    </CriticalButtonsProvider>
  )
}

function Lead() {
  const { status } = useLeadStatusSync('lead-123')
  return (
    <p data-status={status}>
      <LeadStatusButton leadId="lead-123" currentStatus="new" variant="with-confirm" />
    </p>
  )
}
