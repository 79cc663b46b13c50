import type { AppointmentRow, LeadRow, RowsState } from '../data/useRows.js'
import { LoadingRows } from '../notices/LoadingRows.js'
import { Notice } from '../notices/Notice.js'
import { RowsTrouble } from '../notices/RowsTrouble.js'
import { AppointmentItem } from './AppointmentItem.js'
import './appointments.css'

interface Props {
  appointments: RowsState<AppointmentRow>
  leads: RowsState<LeadRow>
}

/** Every appointment in order of time, with its confirm button. */
export function AppointmentsTab({ appointments, leads }: Props) {
  const inOrder = [...appointments.rows].sort((a, b) => a.scheduled_at.localeCompare(b.scheduled_at))
  // A click that is not through yet confirms nothing.
  const waiting = inOrder.filter(({ id, status }) => status === 'pending' || appointments.isPending(id)).length
  return (
    <section aria-labelledby="appointments-title">
      <header className="view-header">
        <div>
          <h1 id="appointments-title">Appointments</h1>
          <p className="soft">{summary(appointments.status, inOrder.length, waiting)}</p>
        </div>
      </header>
      <RowsTrouble state={appointments} what="appointments" />
      {appointments.status === 'loading' && <LoadingRows what="appointments" shape="cards" />}
      {appointments.status === 'ready' && inOrder.length === 0 && (
        <Notice icon="calendar" title="No appointments yet">
          <p className="small">A new appointment appears here by itself.</p>
        </Notice>
      )}
      <ul className="appointments">
        {inOrder.map((appointment) => (
          <AppointmentItem
            key={appointment.id}
            appointment={appointment}
            isPending={appointments.isPending(appointment.id)}
            lead={leads.rows.find((lead) => lead.id === appointment.lead_id)}
          />
        ))}
      </ul>
    </section>
  )
}

function summary(status: RowsState['status'], count: number, waiting: number): string {
  if (status === 'loading') return 'Loading …'
  if (status === 'error') return 'Not loaded yet'
  if (count === 0) return 'Nothing planned'
  return waiting === 0 ? 'All confirmed' : `${waiting} of ${count} waiting to be confirmed`
}
