import { BookingConfirmButton } from '@org/critical-buttons'
import { formatDay, formatTime } from '../app/format.js'
import { confirmVariant } from '../appointments/confirmVariant.js'
import type { AppointmentRow } from '../data/useRows.js'
import { toast } from '../toasts/toast.js'

/** The lead's appointments; confirming here asks first. */
export function LeadAppointments({ appointments }: { appointments: readonly AppointmentRow[] }) {
  if (appointments.length === 0) return null
  return (
    <section aria-labelledby="lead-appointments-title">
      <h3 id="lead-appointments-title">Appointments</h3>
      <ul className="lead-appointments">
        {appointments.map(({ id, title, scheduled_at: at, status }) => (
          <li key={id}>
            <div>
              <p>{title}</p>
              <p className="soft small">
                {formatDay(at)}, {formatTime(at)}
              </p>
            </div>
            <BookingConfirmButton
              appointmentId={id}
              variant={confirmVariant(status) === 'disabled' ? 'disabled' : 'with-confirm'}
              confirmMessage={`Confirm ${title} on ${formatDay(at)} at ${formatTime(at)}?`}
              onSuccess={() => toast.success(`${title} is confirmed`)}
              onError={(error) => toast.error(error.message)}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}
