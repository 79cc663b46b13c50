'use client'
import { leadUpdateStatus } from '@org/contracts/client'
import type { ActionHookOptions } from './useBookingConfirm.js'
import { type SyncMutationResult, useSyncMutation } from './useSyncMutation.js'

/** Changes one lead's status; shows what any component or tab does with it. */
export function useLeadStatus(
  leadId: string,
  options: ActionHookOptions<typeof leadUpdateStatus> = {},
): SyncMutationResult<typeof leadUpdateStatus> {
  return useSyncMutation({ ...options, action: leadUpdateStatus, scope: { id: `lead:${leadId}:status` } })
}
