import * as z from '#z'
import { rowColumns } from './row.js'

export const appointmentStatusSchema = z.enum(['pending', 'confirmed', 'cancelled', 'completed'])
export type AppointmentStatus = z.infer<typeof appointmentStatusSchema>

export const appointmentRowSchema = z.looseObject({
  ...rowColumns,
  title: z.string(),
  /** ISO 8601 instant. */
  scheduled_at: z.string(),
  status: appointmentStatusSchema,
  lead_id: z.nullable(z.string()),
  notes: z.nullable(z.string()),
  confirmed_at: z.nullable(z.string()),
  confirmed_by: z.nullable(z.string()),
})

export type AppointmentRow = z.infer<typeof appointmentRowSchema>
