import { BookingConfirmButton } from '@org/critical-buttons'
import type { AppointmentRow } from '../data/useRows.js'
import { useUnseenToast } from '../toasts/useUnseenToast.js'

interface Props {
  appointment: AppointmentRow
  /** Id of the element that names the appointment: a page of these buttons is else a list of one name. */
  describedBy: string
  /** Asks first. @default no question */
  confirmMessage?: string
}

/** The confirm button of an appointment that can still be confirmed, or was; otherwise how it ended. */
export function ConfirmAction({ appointment, describedBy, confirmMessage }: Props) {
  const { id, title, status } = appointment
  const { trigger, tell } = useUnseenToast<HTMLButtonElement>()
  if (status === 'cancelled' || status === 'completed')
    return <span className="badge">{status === 'cancelled' ? 'Cancelled' : 'Completed'}</span>
  return (
    <BookingConfirmButton
      ref={trigger}
      appointmentId={id}
      aria-describedby={describedBy}
      {...(confirmMessage === undefined ? {} : { variant: 'with-confirm', confirmMessage })}
      onSuccess={() => tell('good', `${title} is confirmed`)}
      onError={(error) => {
        if (error.code === 'ALREADY_CONFIRMED') tell('info', `${title} was already confirmed`)
        else tell('bad', `${title}: ${error.message}`)
      }}
    />
  )
}
