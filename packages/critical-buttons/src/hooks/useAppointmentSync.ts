'use client'
import type { AppointmentRow } from '@org/contracts/client'
import type { RowOrigin, TableState } from '@org/sync-core'
import { useEnvironment } from '../provider/environment.js'
import { useRowSync } from './useRowSync.js'

export interface AppointmentSync {
  /** The appointment as someone else left it; null until they change it after mount. Keeps its identity until the next change. */
  updatedAppointment: AppointmentRow | null
  /** Display name of who did. */
  updatedBy: string | null
  version: number | null
  origin: RowOrigin | null
  status: TableState
  /** Epoch ms. */
  lastSyncedAt: number | null
}

/** Tells when someone else, or another session, changes an appointment. */
export function useAppointmentSync(appointmentId: string): AppointmentSync {
  const { nameOf } = useEnvironment()
  const { row, ...rest } = useRowSync('appointments', appointmentId)
  const author = row?.updated_by
  return {
    ...rest,
    updatedAppointment: row as AppointmentRow | null,
    updatedBy: author ? nameOf(author) : null,
    version: row?.version ?? null,
  }
}
