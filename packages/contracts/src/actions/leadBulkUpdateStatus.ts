import * as z from 'zod/mini'
import { idSchema } from '../id.js'
import { leadStatusSchema } from '../leadStatus.js'
import { LIMITS } from '../limits.js'
import { leadRowSchema } from '../rows/lead.js'
import { defineAction } from './defineAction.js'
import { leadUpdateStatus } from './leadUpdateStatus.js'

const failureSchema = z.looseObject({ leadId: z.string(), code: z.string() })

export const leadBulkUpdateStatus = defineAction({
  name: 'lead.bulkUpdateStatus',
  path: leadUpdateStatus.path,
  requestSchema: z.strictObject({
    leadIds: z.array(idSchema).check(z.minLength(1), z.maxLength(LIMITS.bulkLeads)),
    status: leadStatusSchema,
  }),
  /** 200 when nothing failed, 207 with `success: false` when something did; the fields are the same. */
  responseSchema: z.looseObject({
    success: z.boolean(),
    updated: z.number(),
    failed: z.number(),
    unchanged: z.number(),
    message: z.string(),
    leads: z.array(leadRowSchema),
    failures: z.array(failureSchema),
  }),
  lanes: (request) => [...new Set(request.leadIds)].map((id) => `lead:${id}:status`),
  overlays: (request, context) =>
    [...new Set(request.leadIds)].map((id) => ({
      table: 'leads',
      id,
      patch: { status: request.status, status_changed_at: context.clickedAt },
    })),
  rows: (response) => {
    const leads = (response as { leads?: unknown } | null)?.leads
    return Array.isArray(leads) ? leads.map((row) => ({ table: 'leads', row })) : []
  },
  ttlMs: leadUpdateStatus.ttlMs,
  keyRequired: false,
  errorCodes: [],
  split: ({ leadIds, status }) => {
    const unique = [...new Set(leadIds)]
    const count = Math.max(1, Math.ceil(unique.length / LIMITS.bulkChildLeads))
    return Array.from({ length: count }, (_, index) => ({
      leadIds: unique.slice(index * LIMITS.bulkChildLeads, (index + 1) * LIMITS.bulkChildLeads),
      status,
    }))
  },
})

/** One lead that a bulk update could not change, and why. */
export type BulkFailure = z.infer<typeof failureSchema>
