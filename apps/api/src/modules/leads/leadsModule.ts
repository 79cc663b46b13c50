import { LIMITS, leadBulkUpdateStatus, leadUpdateStatus, PATHS } from '@org/contracts'
import { actionRoute } from '../../engine/actions/ActionRoute.js'
import type { Database } from '../../engine/database/Database.js'
import type { Module } from '../../engine/Module.js'
import { tableRouter } from '../../engine/rows/rowsRouter.js'
import { bulkUpdateLeadStatus } from './bulkUpdateLeadStatus.js'
import { updateLeadStatus } from './updateLeadStatus.js'

/** Bulk requests of one person in a minute. A client that is refused comes back by itself. */
const BULK_PER_MINUTE = 120

/** Moving leads from one status to another, one or many at a time. */
export function leadsModule({ database }: { database: Database }): Module {
  const bulk = actionRoute(leadBulkUpdateStatus, (call, options) => bulkUpdateLeadStatus(database, call, options), {
    takes: hasLeadIds,
    isBulk: true,
    perMinute: BULK_PER_MINUTE,
    maxBodyBytes: LIMITS.bulkBodyBytes,
    maxAnswerBytes: LIMITS.bulkBodyBytes,
  })
  const single = actionRoute(leadUpdateStatus, (call, options) => updateLeadStatus(database, call, options), {
    otherPaths: ['/api/leads/:leadId/update-status'],
  })
  const routes = [tableRouter({ database, path: PATHS.leads, table: 'leads' })]
  return { name: 'leads', actions: [bulk, single], routes, reads: [PATHS.leads] }
}

const hasLeadIds = (body: unknown) => typeof body === 'object' && body !== null && Object.hasOwn(body, 'leadIds')
