import { BookingConfirmButton } from '@org/critical-buttons'
import type { AppointmentRow } from '../data/useRows.js'
import { toast } from '../toasts/toast.js'

interface Props {
  appointment: AppointmentRow
  /** Asks first. @default no question */
  confirmMessage?: string
}

/** The confirm button of an appointment that can still be confirmed, or was; otherwise how it ended. */
export function ConfirmAction({ appointment, confirmMessage }: Props) {
  const { id, title, status } = appointment
  if (status === 'cancelled' || status === 'completed')
    return <span className="badge">{status === 'cancelled' ? 'Cancelled' : 'Completed'}</span>
  return (
    <BookingConfirmButton
      appointmentId={id}
      {...(confirmMessage === undefined ? {} : { variant: 'with-confirm', confirmMessage })}
      onSuccess={() => toast.success(`${title} is confirmed`)}
      onError={(error) => {
        if (error.code === 'ALREADY_CONFIRMED') toast.info(`${title} was already confirmed`)
        else toast.error(`${title}: ${error.message}`)
      }}
    />
  )
}
