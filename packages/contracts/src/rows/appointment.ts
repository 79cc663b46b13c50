import type * as z from '#z'
import type { appointmentColumns, appointmentStatusSchema } from './documentedRows.js'
import type { Row } from './Row.js'

export type AppointmentStatus = z.infer<typeof appointmentStatusSchema>

export type AppointmentRow = Row<typeof appointmentColumns, 'appointments'>
