import { defineAction, idSchema, rowIn, z } from '@org/contracts/client'

/** A team's own action, as the README shows it. */
export const appointmentReschedule = defineAction({
  name: 'appointment.reschedule',
  path: '/api/appointments/reschedule',
  requestSchema: z.strictObject({ appointmentId: idSchema, scheduledAt: z.string() }),
  responseSchema: z.looseObject({ success: z.literal(true), appointment: z.looseObject({ id: z.string() }) }),
  lanes: ({ appointmentId }) => [`appointment:${appointmentId}`],
  overlays: ({ appointmentId, scheduledAt }) => [{ table: 'appointments', id: appointmentId, patch: { scheduled_at: scheduledAt } }],
  rows: (response) => rowIn(response, 'appointment', 'appointments'),
  ttlMs: 24 * 60 * 60 * 1_000,
  keyRequired: true,
  refusals: ['NOT_FOUND', 'VERSION_CONFLICT'],
})
