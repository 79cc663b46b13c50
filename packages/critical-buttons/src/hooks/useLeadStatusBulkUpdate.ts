'use client'
import { leadBulkUpdateStatus } from '@org/contracts/client'
import type { ActionHookOptions } from './useBookingConfirm.js'
import { type SyncMutationResult, useSyncMutation } from './useSyncMutation.js'

/** Changes many leads' status; shows the bulk update it started itself. */
export function useLeadStatusBulkUpdate(
  options: ActionHookOptions<typeof leadBulkUpdateStatus> = {},
): SyncMutationResult<typeof leadBulkUpdateStatus> {
  return useSyncMutation({ ...options, action: leadBulkUpdateStatus })
}
