'use client'
import { type AnyAction, bookingConfirm } from '@org/contracts/client'
import { type SyncMutationResult, type UseSyncMutationOptions, useSyncMutation } from './useSyncMutation.js'

/** Options of the ready-made hooks: those of `useSyncMutation`, without what the hook itself decides. */
export type ActionHookOptions<A extends AnyAction> = Omit<UseSyncMutationOptions<A>, 'action' | 'scope'>

/** Confirms one appointment; shows what any component or tab does with it. */
export function useBookingConfirm(
  appointmentId: string,
  options: ActionHookOptions<typeof bookingConfirm> = {},
): SyncMutationResult<typeof bookingConfirm> {
  return useSyncMutation({ ...options, action: bookingConfirm, scope: { id: `appointment:${appointmentId}` } })
}
