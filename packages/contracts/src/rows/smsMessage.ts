import * as z from '#z'
import { column, rowColumns } from './row.js'

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
export type SmsState = (typeof SMS_STATES)[number] | (string & {})

/** Where an SMS stands for readers: `pending` until the carrier has it, afterwards the state itself. */
export const smsStatusSchema = z.enum(['pending', 'sent', 'delivered', 'undelivered', 'failed', 'indeterminate', 'expired', 'cancelled'])
export type SmsStatus = z.infer<typeof smsStatusSchema> | (string & {})

export const smsMessageRowSchema = z.looseObject({
  ...rowColumns,
  lead_id: column(z.string()),
  message: column(z.string()),
  template_id: column(z.nullable(z.string())),
  state: column(smsStateSchema),
  status: column(smsStatusSchema),
  /** Twilio's number for a failure, for example 21211; null otherwise. */
  error_code: column(z.nullable(z.number())),
  error_message: column(z.nullable(z.string())),
  /** When the carrier accepted it; null before. */
  sent_at: column(z.nullable(z.string())),
  created_at: column(z.string()),
})

export type SmsMessageRow = z.infer<typeof smsMessageRowSchema>

/** What a component and the guide's readers see: the row, `leadId` and `sentAt` (the click's time until it was sent). */
export type SmsMessageView = SmsMessageRow & { leadId: string; sentAt: string }

export function toSmsMessageView(row: SmsMessageRow): SmsMessageView {
  return { ...row, leadId: row.lead_id, sentAt: row.sent_at ?? row.created_at }
}
