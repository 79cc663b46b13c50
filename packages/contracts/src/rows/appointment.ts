import type * as z from '#z'
import type { appointmentRowSchema, appointmentStatusSchema } from './documentedRows.js'

export type AppointmentStatus = z.infer<typeof appointmentStatusSchema>
export type AppointmentRow = z.infer<typeof appointmentRowSchema>
