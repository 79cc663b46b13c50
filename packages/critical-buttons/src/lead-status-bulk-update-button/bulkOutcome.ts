import type { BulkFailure, LeadRow, LeadStatus, leadBulkUpdateStatus, ResponseOf } from '@org/contracts/client'
import type { ErrorOf, MutationView } from '@org/sync-core'

type BulkResponse = ResponseOf<typeof leadBulkUpdateStatus>

/** What `onSuccess` is given: nothing failed. */
export interface BulkUpdateResult {
  updated: number
  failed: number
  /** Had the status already. */
  unchanged: number
  status: LeadStatus
  leads: LeadRow[]
}

/** What `onError` is given. `failures` names each lead that is known to have failed, and why. */
export interface BulkUpdateError extends ErrorOf<typeof leadBulkUpdateStatus> {
  updated: number
  failed: number
  failures: readonly BulkFailure[]
}

/** Pure. */
export function bulkResult(data: BulkResponse, status: LeadStatus): BulkUpdateResult {
  const { updated, failed, unchanged = 0, leads = [] } = data
  return { updated, failed, unchanged, status, leads }
}

/**
 * Fills in the counts where the answer has none: refused as a whole, every lead failed for that reason; while it goes on,
 * or nobody knows, only what is known is counted. Pure.
 */
export function bulkError(
  error: ErrorOf<typeof leadBulkUpdateStatus>,
  view: MutationView | undefined,
  leadIds: readonly string[],
): BulkUpdateError {
  if (error.willRetry || view?.phase === 'unknown') {
    const { processed = 0, failed = 0 } = view?.progress ?? {}
    return { updated: processed - failed, failed, failures: [], ...error }
  }
  const failures = error.failures ?? leadIds.map((leadId) => ({ leadId, code: error.code }))
  return { ...error, updated: error.updated ?? 0, failed: error.failed ?? failures.length, failures }
}
