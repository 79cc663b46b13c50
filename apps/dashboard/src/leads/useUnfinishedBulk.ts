import { type LeadStatus, useOfflineQueue } from '@org/critical-buttons'

/** What a bulk update was asked to do. */
export interface BulkRequest {
  leadIds: readonly string[]
  status: LeadStatus
}

/** The newest bulk update that is not over, or that ended so that a person must know: also one of an earlier page load. */
export function useUnfinishedBulk(): BulkRequest | undefined {
  const { queue } = useOfflineQueue()
  return queue.findLast(({ action }) => action === 'lead.bulkUpdateStatus')?.request as BulkRequest | undefined
}
