import { appointmentRowSchema, leadRowSchema, smsAnswerSchema } from '#rows'
import * as z from '#z'

/** GET /api/leads */
export const leadsPageSchema = z.looseObject({ leads: z.array(leadRowSchema), nextCursor: z.nullable(z.string()) })

/** GET /api/appointments */
export const appointmentsPageSchema = z.looseObject({ appointments: z.array(appointmentRowSchema), nextCursor: z.nullable(z.string()) })

/** GET /api/leads/:leadId/sms-history, newest first */
export const smsHistorySchema = z.looseObject({ sms_messages: z.array(smsAnswerSchema) })
