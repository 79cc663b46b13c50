import type * as z from '#z'
import type { smsMessageColumns, smsStatusSchema } from './documentedRows.js'
import type { Row } from './Row.js'

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
export type SmsState = (typeof SMS_STATES)[number] | (string & {})

/** Where an SMS stands for readers: `pending` until the carrier has it, afterwards the state itself. */
export type SmsStatus = z.infer<typeof smsStatusSchema> | (string & {})

export type SmsMessageRow = Row<typeof smsMessageColumns, 'sms_messages'>

/** What a component and the guide's readers see: the row, `leadId` and `sentAt` (the click's time until it was sent). */
export type SmsMessageView = SmsMessageRow & { leadId: string; sentAt: string }

export function toSmsMessageView(row: SmsMessageRow): SmsMessageView {
  return { ...row, leadId: row.lead_id, sentAt: row.sent_at ?? row.created_at }
}
