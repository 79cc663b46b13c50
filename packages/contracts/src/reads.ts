import * as z from '#z'
import { appointmentRowSchema } from './rows/appointment.js'
import { leadRowSchema } from './rows/lead.js'
import { column } from './rows/row.js'
import { smsMessageRowSchema } from './rows/smsMessage.js'

/** GET /api/session: who the caller is. */
export const sessionSchema = z.looseObject({ actor: z.string(), tenant: z.string() })
export type Session = z.infer<typeof sessionSchema>

/** GET /api/leads */
export const leadsPageSchema = z.looseObject({ leads: z.array(leadRowSchema), nextCursor: z.nullable(z.string()) })

/** GET /api/appointments */
export const appointmentsPageSchema = z.looseObject({ appointments: z.array(appointmentRowSchema), nextCursor: z.nullable(z.string()) })

/** GET /api/leads/:leadId/sms-history, newest first */
export const smsHistorySchema = z.looseObject({
  sms_messages: z.array(z.looseObject({ ...smsMessageRowSchema.shape, leadId: column(z.string()), sentAt: column(z.string()) })),
})

/** GET /api/status/sms */
export const smsServiceStatusSchema = z.looseObject({
  state: z.enum(['CLOSED', 'OPEN', 'HALF_OPEN']),
  openedAt: z.optional(z.string()),
  retryAt: z.optional(z.string()),
  failuresInWindow: z.number(),
})
export type SmsServiceStatus = z.infer<typeof smsServiceStatusSchema>

/**
 * GET /api/mutations/:key and POST /api/mutations/:key/resolve: what stands for a key of one's own.
 * `recorded` carries the answer as it was first given (`body` is its text).
 */
export const mutationStateSchema = z.looseObject({
  key: z.string(),
  state: z.enum(['recorded', 'pending', 'abandoned', 'unknown']),
  status: z.optional(z.number()),
  body: z.optional(z.string()),
})
export type MutationStateAnswer = z.infer<typeof mutationStateSchema>

/** Paths of everything that is not an action. */
export const PATHS = {
  session: '/api/session',
  leads: '/api/leads',
  appointments: '/api/appointments',
  smsHistory: (leadId: string) => `/api/leads/${encodeURIComponent(leadId)}/sms-history`,
  syncChanges: '/api/sync/changes',
  smsStatus: '/api/status/sms',
  mutation: (key: string) => `/api/mutations/${encodeURIComponent(key)}`,
  resolve: (key: string) => `/api/mutations/${encodeURIComponent(key)}/resolve`,
} as const
