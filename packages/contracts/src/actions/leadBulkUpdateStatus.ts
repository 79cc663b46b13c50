import * as z from '#z'
import { idSchema } from '../id.js'
import { leadStatusSchema } from '../leadStatus.js'
import { LIMITS } from '../limits.js'
import { leadRowSchema } from '../rows/lead.js'
import { column } from '../rows/row.js'
import { defineAction } from './defineAction.js'
import { leadUpdateStatus } from './leadUpdateStatus.js'

const failureSchema = z.looseObject({ leadId: z.string(), code: z.string() })
const failuresSchema = z.looseObject({ failures: z.array(failureSchema) })
/** What failed for these would fail again. */
const FINAL: readonly string[] = ['NOT_FOUND', 'STATUS_FINAL']

export const leadBulkUpdateStatus = defineAction({
  name: 'lead.bulkUpdateStatus',
  path: leadUpdateStatus.path,
  requestSchema: z.strictObject({
    leadIds: z.array(idSchema).check(z.minLength(1), z.maxLength(LIMITS.bulkLeads)),
    status: leadStatusSchema,
  }),
  /** A person may choose as many leads as there are. */
  clickSchema: z.strictObject({
    leadIds: z.array(idSchema).check(z.minLength(1)),
    status: leadStatusSchema,
  }),
  /** 200 when nothing failed, 207 with `success: false` when something did; the fields are the same. */
  responseSchema: z.looseObject({
    success: z.boolean(),
    updated: z.number(),
    failed: z.number(),
    unchanged: column(z.number()),
    message: column(z.string()),
    leads: column(z.array(leadRowSchema)),
    failures: column(z.array(failureSchema)),
  }),
  words: ({ field, kind }) => (field === 'leadIds' && kind === 'missing' ? 'Choose at least one lead first.' : undefined),
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
  partial: true,
  split: ({ leadIds, status }) => {
    const unique = [...new Set(leadIds)]
    const count = Math.max(1, Math.ceil(unique.length / LIMITS.bulkChildLeads))
    return Array.from({ length: count }, (_, index) => ({
      leadIds: unique.slice(index * LIMITS.bulkChildLeads, (index + 1) * LIMITS.bulkChildLeads),
      status,
    }))
  },
  combine: (parts) => {
    const [taken, sent] = [parts.filter(isTakenBack), parts.filter((part) => !isTakenBack(part))]
    const answers = sent.map(({ request, response, code }) => response ?? refusedPart(request, code))
    const cancelled = taken.reduce((total, { request }) => total + request.leadIds.length, 0)
    const sum = (field: 'updated' | 'failed' | 'unchanged') => answers.reduce((total, answer) => total + (answer[field] ?? 0), 0)
    const [updated, failed] = [sum('updated'), sum('failed')]
    const status = parts[0]?.request.status
    return {
      success: failed === 0 && cancelled === 0,
      updated,
      failed,
      unchanged: sum('unchanged'),
      // Only a client that took parts back before they were sent knows of any.
      ...(cancelled > 0 ? { cancelled } : {}),
      message: messageOf({ updated, failed, cancelled, status }),
      leads: answers.flatMap((answer) => answer.leads ?? []),
      failures: answers.flatMap((answer) => answer.failures ?? []),
    }
  },
  remaining: (request, response) => {
    const failures = failuresSchema.safeParse(response)
    if (!failures.success) return request
    const leadIds = failures.data.failures.filter(({ code }) => !FINAL.includes(code)).map(({ leadId }) => leadId)
    return leadIds.length === 0 ? undefined : { ...request, leadIds }
  },
})

function messageOf({
  updated,
  failed,
  cancelled,
  status,
}: {
  updated: number
  failed: number
  cancelled: number
  status: string | undefined
}) {
  if (failed + cancelled === 0) return `${updated} leads updated to ${status}`
  return [`${updated} leads updated`, failed > 0 && `${failed} failed`, cancelled > 0 && `${cancelled} not sent`].filter(Boolean).join(', ')
}

function isTakenBack({ response, code }: { response: unknown; code: string | undefined }): boolean {
  return response === undefined && code === 'CANCELLED'
}

// A refused part changed nothing, so each of its leads failed for the same reason.
function refusedPart({ leadIds }: { leadIds: readonly string[] }, code = 'INTERNAL') {
  const failures = leadIds.map((leadId) => ({ leadId, code }))
  return { updated: 0, failed: leadIds.length, unchanged: 0, leads: [], failures }
}

/** One lead that a bulk update could not change, and why. */
export type BulkFailure = z.infer<typeof failureSchema>
