import { LIMITS, leadBulkUpdateStatus, leadUpdateStatus, VALID_STATUSES } from '@org/contracts'
import { actionRoute } from '../../engine/actions/ActionRoute.js'
import type { Database } from '../../engine/database/Database.js'
import type { Module } from '../../engine/Module.js'
import { bulkUpdateLeadStatus } from './bulkUpdateLeadStatus.js'
import { updateLeadStatus } from './updateLeadStatus.js'

/** Bulk requests of one person in a minute. A client that is refused comes back by itself. */
const BULK_PER_MINUTE = 120

/** Moving leads from one status to another, one or many at a time. */
export function leadsModule({ database }: { database: Database }): Module {
  const bulk = actionRoute(leadBulkUpdateStatus, (call, options) => bulkUpdateLeadStatus(database, call, options), {
    forbids: unknownStatus,
    takes: hasLeadIds,
    isBulk: true,
    perMinute: BULK_PER_MINUTE,
    maxBodyBytes: LIMITS.bulkBodyBytes,
    maxAnswerBytes: LIMITS.bulkBodyBytes,
  })
  const single = actionRoute(leadUpdateStatus, (call, options) => updateLeadStatus(database, call, options), {
    forbids: unknownStatus,
    otherPaths: ['/api/leads/:leadId/update-status'],
  })
  return { name: 'leads', actions: [bulk, single] }
}

const hasLeadIds = (body: unknown) => typeof body === 'object' && body !== null && Object.hasOwn(body, 'leadIds')

// The table's own check knows these alone; told here, a wrong one is no database error.
const unknownStatus = ({ status }: { status: string }) =>
  VALID_STATUSES.some(({ value }) => value === status) ? null : 'VALIDATION_FAILED'
