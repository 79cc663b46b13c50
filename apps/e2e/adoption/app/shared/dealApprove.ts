import { defineAction, rowIn } from '@org/contracts'
import * as z from 'zod/mini'

/** Approves a deal. Nothing is shown as approved before the server said so, because the limit may refuse it. */
export const dealApprove = defineAction({
  name: 'deal.approve',
  path: '/api/deals/approve',
  requestSchema: z.strictObject({ dealId: z.uuid() }),
  responseSchema: z.looseObject({ success: z.literal(true) }),
  lanes: ({ dealId }) => [`deal:${dealId}`],
  overlays: () => [],
  rows: (response) => rowIn(response, 'deal', 'deals'),
  ttlMs: 24 * 60 * 60 * 1_000,
  keyRequired: true,
  refusals: ['NOT_FOUND'],
  errorCodes: {
    CREDIT_LIMIT: { status: 422, retryable: false, text: 'This deal is above your credit limit, so it was not approved.' },
    ALREADY_APPROVED: { status: 409, retryable: false, text: 'This deal is approved already.' },
  },
})
