import type { BulkFailure, LeadRow, LeadStatus, leadBulkUpdateStatus, ResponseOf } from '@org/contracts/client'
import type { MutationError } from '@org/sync-core'

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

/** What `onError` is given. `failures` names each lead that failed and why. */
export interface BulkUpdateError extends MutationError {
  updated: number
  failed: number
  failures: readonly BulkFailure[]
}

/** Pure. */
export function bulkResult(data: BulkResponse, status: LeadStatus): BulkUpdateResult {
  const { updated, failed, unchanged, leads } = data
  return { updated, failed, unchanged, status, leads }
}

/** Fills in the counts: an error without any means that every lead failed. Pure. */
export function bulkError(error: MutationError, leadIds: readonly string[]): BulkUpdateError {
  const failures = error.failures ?? leadIds.map((leadId) => ({ leadId, code: error.code }))
  return { ...error, updated: error.updated ?? 0, failed: error.failed ?? failures.length, failures }
}
