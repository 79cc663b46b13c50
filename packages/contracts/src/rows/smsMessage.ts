import * as z from '#z'
import { rowColumns } from './row.js'

/** Where an SMS stands for the server. Decisions read this one. */
export const SMS_STATES = [
  'pending',
  'sending',
  'accepted',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'indeterminate',
  'expired',
  'cancelled',
] as const
export const smsStateSchema = z.enum(SMS_STATES)
export type SmsState = (typeof SMS_STATES)[number]

/** Where an SMS stands for readers: `pending` until the carrier has it, afterwards the state itself. */
export const smsStatusSchema = z.enum(['pending', 'sent', 'delivered', 'undelivered', 'failed', 'indeterminate', 'expired', 'cancelled'])
export type SmsStatus = z.infer<typeof smsStatusSchema>

export const smsMessageRowSchema = z.looseObject({
  ...rowColumns,
  lead_id: z.string(),
  message: z.string(),
  template_id: z.nullable(z.string()),
  state: smsStateSchema,
  status: smsStatusSchema,
  /** Twilio's number for a failure, for example 21211; null otherwise. */
  error_code: z.nullable(z.number()),
  error_message: z.nullable(z.string()),
  /** When the carrier accepted it; null before. */
  sent_at: z.nullable(z.string()),
  created_at: z.string(),
})

export type SmsMessageRow = z.infer<typeof smsMessageRowSchema>

/** What a component and the guide's readers see: the row, `leadId` and `sentAt` (the click's time until it was sent). */
export type SmsMessageView = SmsMessageRow & { leadId: string; sentAt: string }

export function toSmsMessageView(row: SmsMessageRow): SmsMessageView {
  return { ...row, leadId: row.lead_id, sentAt: row.sent_at ?? row.created_at }
}
