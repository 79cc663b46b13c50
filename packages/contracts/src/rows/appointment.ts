import * as z from '#z'
import { column, rowColumns } from './row.js'

export const appointmentStatusSchema = z.enum(['pending', 'confirmed', 'cancelled', 'completed'])
export type AppointmentStatus = z.infer<typeof appointmentStatusSchema>

export const appointmentRowSchema = z.looseObject({
  ...rowColumns,
  title: column(z.string()),
  /** ISO 8601 instant. */
  scheduled_at: column(z.string()),
  status: column(appointmentStatusSchema),
  lead_id: column(z.nullable(z.string())),
  notes: column(z.nullable(z.string())),
  confirmed_at: column(z.nullable(z.string())),
  confirmed_by: column(z.nullable(z.string())),
})

export type AppointmentRow = z.infer<typeof appointmentRowSchema>
