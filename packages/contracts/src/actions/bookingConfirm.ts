import { appointmentRowSchema } from '#rows'
import * as z from '#z'
import { idSchema, textSchema } from '../id.js'
import { LIMITS } from '../limits.js'
import type { AppointmentRow } from '../rows/appointment.js'
import type { StandardSchema } from '../StandardSchema.js'
import { declareAction, rowIn } from './defineAction.js'

const HOUR_MS = 60 * 60 * 1_000

export interface BookingConfirmAnswer {
  success: true
  appointment: AppointmentRow
}

const responseSchema: StandardSchema<unknown, BookingConfirmAnswer> = z.looseObject({
  success: z.literal(true),
  appointment: appointmentRowSchema,
})

export const bookingConfirm = declareAction({
  name: 'booking.confirm',
  path: '/api/bookings/confirm',
  requestSchema: z.strictObject({
    appointmentId: idSchema,
    /** Must be the caller; the server takes it from the token. */
    confirmedBy: z.optional(idSchema),
    notes: z.optional(textSchema(LIMITS.notesLength)),
    expectedVersion: z.optional(z.int().check(z.nonnegative())),
  }),
  responseSchema,
  lanes: (request) => [`appointment:${request.appointmentId}`],
  overlays: (request, context) => [
    {
      table: 'appointments',
      id: request.appointmentId,
      patch: {
        status: 'confirmed',
        confirmed_at: context.clickedAt,
        confirmed_by: context.actor,
        ...(request.notes === undefined ? {} : { notes: request.notes }),
      },
    },
  ],
  rows: (response) => rowIn(response, 'appointment', 'appointments'),
  ttlMs: 24 * HOUR_MS,
  keyRequired: true,
  refusals: ['NOT_FOUND', 'ALREADY_CONFIRMED', 'NOT_CONFIRMABLE', 'VERSION_CONFLICT'],
})
