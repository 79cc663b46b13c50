import { leadRowSchema } from '#rows'
import * as z from '#z'
import { idSchema } from '../id.js'
import { leadStatusSchema } from '../leadStatus.js'
import type { LeadRow } from '../rows/lead.js'
import type { StandardSchema } from '../StandardSchema.js'
import { declareAction, rowIn } from './defineAction.js'

const DAY_MS = 24 * 60 * 60 * 1_000

export interface LeadUpdateStatusAnswer {
  success: true
  lead: LeadRow
}

const responseSchema: StandardSchema<unknown, LeadUpdateStatusAnswer> = z.looseObject({ success: z.literal(true), lead: leadRowSchema })

export const leadUpdateStatus = declareAction({
  name: 'lead.updateStatus',
  path: '/api/leads/update-status',
  requestSchema: z.strictObject({
    leadId: idSchema,
    status: leadStatusSchema,
    expectedVersion: z.optional(z.int().check(z.nonnegative())),
  }),
  responseSchema,
  lanes: (request) => [`lead:${request.leadId}:status`],
  overlays: (request, context) => [
    { table: 'leads', id: request.leadId, patch: { status: request.status, status_changed_at: context.clickedAt } },
  ],
  rows: (response) => rowIn(response, 'lead', 'leads'),
  ttlMs: 7 * DAY_MS,
  keyRequired: false,
  refusals: ['NOT_FOUND', 'ALREADY_HAS_STATUS', 'STATUS_FINAL', 'STATUS_UNKNOWN', 'VERSION_CONFLICT'],
})
