import { useId } from 'react'
import { ConfirmAction } from '../appointments/ConfirmAction.js'
import type { AppointmentRow } from '../data/useRows.js'
import { formatDay, formatTime } from '../format/format.js'

/** The lead's appointments; confirming here asks first. */
export function LeadAppointments({ appointments }: { appointments: readonly AppointmentRow[] }) {
  const prefix = useId()
  if (appointments.length === 0) return null
  return (
    <section aria-labelledby="lead-appointments-title">
      <h3 id="lead-appointments-title">Appointments</h3>
      <ul className="lead-appointments">
        {appointments.map((appointment) => {
          const { id, title, scheduled_at: at } = appointment
          const when = `${formatDay(at)}, ${formatTime(at)}`
          return (
            <li key={id}>
              <div id={prefix + id}>
                <p>{title}</p>
                <p className="soft small">{when}</p>
              </div>
              <ConfirmAction appointment={appointment} describedBy={prefix + id} confirmMessage={`Confirm ${title} on ${when}?`} />
            </li>
          )
        })}
      </ul>
    </section>
  )
}
