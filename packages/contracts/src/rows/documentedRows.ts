/*
 * The rows of our own tables with all their columns: what servers answer with and what OpenAPI tells. Types are made from
 * these. A browser checks by `checkedRows.ts`, which takes and refuses the same. Further columns pass
 * through, and no type names them but `OwnColumns`.
 */
import * as z from '#z'
import { leadStatusSchema } from '../leadStatus.js'
import type { AppointmentRow } from './appointment.js'
import type { LeadRow } from './lead.js'
import { SMS_STATES, type SmsMessageRow, type SmsMessageView } from './smsMessage.js'

/**
 * A column as our own tables have it: typed and documented, never required. A team's mapped table may lack it, and a newer
 * server may hold values that no list here knows; neither makes an answer or a row unreadable.
 */
export function column<S>(schema: S): S {
  return z.optional(z.union([schema as never, z.unknown()])) as unknown as S
}

/**
 * Columns every row has. `version` grows by one with each write and alone decides which of two
 * states is newer; `updated_by` and `last_mutation_key` say who wrote it and with which click
 * (both null when no mutation did).
 * Checked is what a client uses: `id`, and `version` where there is one.
 */
export const rowColumns = {
  id: z.string(),
  org_id: column(z.string()),
  version: versionColumn(),
  updated_by: column(z.nullable(z.string())),
  updated_at: column(z.string()),
  last_mutation_key: column(z.nullable(z.string())),
}

// Ours have one; the guide's own bodies and a server of the team's may not. What is there must be a number.
function versionColumn() {
  const version = z.number()
  return z.optional(version) as unknown as typeof version
}

export const appointmentStatusSchema = z.enum(['pending', 'confirmed', 'cancelled', 'completed'])

export const appointmentColumns = {
  ...rowColumns,
  title: column(z.string()),
  /** ISO 8601 instant. */
  scheduled_at: column(z.string()),
  status: column(appointmentStatusSchema),
  lead_id: column(z.nullable(z.string())),
  notes: column(z.nullable(z.string())),
  confirmed_at: column(z.nullable(z.string())),
  confirmed_by: column(z.nullable(z.string())),
}
export const appointmentRowSchema = z.looseObject(appointmentColumns) as unknown as z.ZodMiniType<AppointmentRow>

export const leadColumns = {
  ...rowColumns,
  name: column(z.string()),
  /** E.164, for example "+15005550101". */
  phone: column(z.nullable(z.string())),
  status: column(leadStatusSchema),
  status_changed_at: column(z.nullable(z.string())),
}
export const leadRowSchema = z.looseObject(leadColumns) as unknown as z.ZodMiniType<LeadRow>

export const smsStateSchema = z.enum(SMS_STATES)
export const smsStatusSchema = z.enum(['pending', 'sent', 'delivered', 'undelivered', 'failed', 'indeterminate', 'expired', 'cancelled'])

export const smsMessageColumns = {
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
}
export const smsMessageRowSchema = z.looseObject(smsMessageColumns) as unknown as z.ZodMiniType<SmsMessageRow>

/** As an answer shows it: with the guide's names. */
export const smsAnswerColumns = { ...smsMessageColumns, leadId: column(z.string()), sentAt: column(z.string()) }
export const smsAnswerSchema = z.looseObject(smsAnswerColumns) as unknown as z.ZodMiniType<SmsMessageView>
