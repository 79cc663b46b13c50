import { CriticalButton, useRow, useSyncClient } from '@org/critical-buttons'
import { dealApprove } from '../shared/dealApprove.js'
import type { Desk } from '../shared/desk.js'

const WORDS = {
  label: () => 'Approve deal',
  done: () => 'Approved',
  pending: () => 'Approving deal',
  success: () => 'Deal approved',
  failed: () => 'Deal not approved',
}

export function DealApproveButton({ deal }: { deal: Desk['deals'][number] }) {
  const row = useRow(useSyncClient(), 'deals', deal.id)?.base as { stage?: string } | undefined
  const isDone = (row?.stage ?? deal.stage) === 'approved'
  return <CriticalButton action={dealApprove} request={{ dealId: deal.id }} subject={deal.title} isDone={isDone} messages={WORDS} />
}
