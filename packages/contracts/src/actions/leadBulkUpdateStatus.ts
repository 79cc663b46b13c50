import { column, leadRowSchema } from '#rows'
import * as z from '#z'
import { idSchema } from '../id.js'
import { leadStatusSchema } from '../leadStatus.js'
import { LIMITS } from '../limits.js'
import type { LeadRow } from '../rows/lead.js'
import type { StandardSchema } from '../StandardSchema.js'
import { declareAction } from './defineAction.js'
import { leadUpdateStatus } from './leadUpdateStatus.js'

const failureSchema = z.looseObject({ leadId: z.string(), code: z.string() })
const failuresSchema = z.looseObject({ failures: z.array(failureSchema) })
/** What failed for these would fail again. */
const FINAL: readonly string[] = ['NOT_FOUND', 'STATUS_FINAL', 'EFFECT_REFUSED']
/** A person may choose as many leads as there are. */
const chosenLeads = z.array(idSchema).check(z.minLength(1))

/** One lead that a bulk update could not change, and why. */
export interface BulkFailure {
  leadId: string
  code: string
}

/** 200 when nothing failed, 207 with `success: false` when something did; the fields are the same. */
export interface LeadBulkUpdateStatusAnswer {
  success: boolean
  updated: number
  failed: number
  /** Had the status already. */
  unchanged: number
  message: string
  leads: LeadRow[]
  failures: BulkFailure[]
}

const responseSchema: StandardSchema<unknown, LeadBulkUpdateStatusAnswer> = z.looseObject({
  success: z.boolean(),
  updated: z.number(),
  failed: z.number(),
  unchanged: column(z.number()),
  message: column(z.string()),
  leads: column(z.array(leadRowSchema)),
  failures: column(z.array(failureSchema)),
})

export const leadBulkUpdateStatus = declareAction({
  name: 'lead.bulkUpdateStatus',
  path: leadUpdateStatus.path,
  requestSchema: z.strictObject({ leadIds: chosenLeads.check(z.maxLength(LIMITS.bulkLeads)), status: leadStatusSchema }),
  clickSchema: z.strictObject({ leadIds: chosenLeads, status: leadStatusSchema }),
  responseSchema,
  words: ({ field, kind }) => (field === 'leadIds' && kind === 'missing' ? 'Choose at least one lead first.' : undefined),
  lanes: (request) => once(request.leadIds).map((id) => `lead:${id}:status`),
  overlays: (request, context) =>
    once(request.leadIds).map((id) => ({
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
  partial: true,
  split: ({ leadIds, status }) => {
    const unique = once(leadIds)
    const count = Math.max(1, Math.ceil(unique.length / LIMITS.bulkChildLeads))
    return Array.from({ length: count }, (_, index) => ({
      leadIds: unique.slice(index * LIMITS.bulkChildLeads, (index + 1) * LIMITS.bulkChildLeads),
      status,
    }))
  },
  combine: (parts) => {
    const counts = { updated: 0, failed: 0, unchanged: 0, cancelled: 0 }
    const leads: LeadRow[] = []
    const failures: BulkFailure[] = []
    for (const { request, response, code = 'INTERNAL' } of parts) {
      const { leadIds } = request
      if (response !== undefined) {
        for (const field of ['updated', 'failed', 'unchanged'] as const) counts[field] += response[field] ?? 0
        leads.push(...(response.leads ?? []))
        failures.push(...(response.failures ?? []))
      } else if (code === 'CANCELLED') counts.cancelled += leadIds.length
      else {
        // A refused part changed nothing, so each of its leads failed for the same reason.
        counts.failed += leadIds.length
        failures.push(...leadIds.map((leadId) => ({ leadId, code })))
      }
    }
    const { cancelled, ...told } = counts
    return {
      success: told.failed === 0 && cancelled === 0,
      ...told,
      // Only a client that took parts back before they were sent knows of any.
      ...(cancelled > 0 ? { cancelled } : {}),
      message: messageOf(counts, parts[0]?.request.status),
      leads,
      failures,
    }
  },
  remaining: (request, response) => {
    const failures = failuresSchema.safeParse(response)
    if (!failures.success) return request
    const leadIds = failures.data.failures.filter(({ code }) => !FINAL.includes(code)).map(({ leadId }) => leadId)
    return leadIds.length === 0 ? undefined : { ...request, leadIds }
  },
})

function once(leadIds: readonly string[]): string[] {
  return [...new Set(leadIds)]
}

function messageOf({ updated, failed, cancelled }: { updated: number; failed: number; cancelled: number }, status: string | undefined) {
  if (failed + cancelled === 0) return `${updated} leads updated to ${status}`
  return [`${updated} leads updated`, failed > 0 && `${failed} failed`, cancelled > 0 && `${cancelled} not sent`].filter(Boolean).join(', ')
}
