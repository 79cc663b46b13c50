import { bookingConfirm, PATHS } from '@org/contracts'
import { actionRoute } from '../../engine/actions/ActionRoute.js'
import type { Database } from '../../engine/database/Database.js'
import type { Module } from '../../engine/Module.js'
import { tableRouter } from '../../engine/rows/rowsRouter.js'
import { confirmBooking } from './confirmBooking.js'

/** Confirming appointments. */
export function bookingsModule({ database }: { database: Database }): Module {
  const confirm = actionRoute(bookingConfirm, (call, options) => confirmBooking(database, call, options), {
    // Who confirmed is what the token says; a body that says otherwise is somebody's mistake or worse.
    forbids: ({ confirmedBy }, { actor }) => (confirmedBy === undefined || confirmedBy === actor ? null : 'FORBIDDEN'),
  })
  const routes = [tableRouter({ database, path: PATHS.appointments, table: 'appointments' })]
  return { name: 'bookings', actions: [confirm], routes, reads: [PATHS.appointments] }
}
