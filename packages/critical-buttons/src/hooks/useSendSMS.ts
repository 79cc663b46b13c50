'use client'
import { smsSend } from '@org/contracts/client'
import type { ActionHookOptions } from './useBookingConfirm.js'
import { type SyncMutationResult, useSyncMutation } from './useSyncMutation.js'

/** Sends SMS to one lead; shows what any component or tab sends to it. */
export function useSendSMS(leadId: string, options: ActionHookOptions<typeof smsSend> = {}): SyncMutationResult<typeof smsSend> {
  return useSyncMutation({ ...options, action: smsSend, scope: { id: `lead:${leadId}:sms` } })
}
