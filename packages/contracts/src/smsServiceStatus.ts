import * as z from '#z'

/** GET /api/status/sms */
export const smsServiceStatusSchema = z.looseObject({
  state: z.enum(['CLOSED', 'OPEN', 'HALF_OPEN']),
  openedAt: z.optional(z.string()),
  retryAt: z.optional(z.string()),
  failuresInWindow: z.number(),
})
export type SmsServiceStatus = z.infer<typeof smsServiceStatusSchema>
