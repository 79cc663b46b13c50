'use client'
import { type AppointmentRow, bookingConfirm } from '@org/contracts/client'
import type { ErrorOf } from '@org/sync-core'
import { forwardRef, type Ref } from 'react'
import { type CommonButtonProps, plainText } from '../critical-button/buttonProps.js'
import { renderButton } from '../critical-button/renderButton.js'
import { useButtonIn, useSurroundings } from '../critical-button/useCriticalButton.js'
import { useRow } from '../hooks/useRow.js'
import { bookingWords } from './bookingWords.js'

export interface BookingConfirmButtonProps extends CommonButtonProps<AppointmentRow, ErrorOf<typeof bookingConfirm>> {
  appointmentId: string
  /** Stored with the booking. At most 2,000 characters. */
  notes?: string
  /** What the dialog of `with-confirm` asks. */
  confirmMessage?: string
  /** The appointment is confirmed at mount, or by someone else: a workflow goes on here. At most once a component and appointment. */
  onAlreadyDone?: (appointment: AppointmentRow) => void
}

/** Confirms an appointment, once. Stays "Confirmed" as soon as the appointment is, whoever did it. */
export const BookingConfirmButton = forwardRef(function BookingConfirmButton(
  props: BookingConfirmButtonProps,
  ref: Ref<HTMLButtonElement>,
) {
  return <ConfirmOne props={props} hostRef={ref} />
})

function ConfirmOne({ props, hostRef }: { props: BookingConfirmButtonProps; hostRef: Ref<HTMLButtonElement> }) {
  const { appointmentId, notes, ...host } = props
  const { onSuccess, onError, onAlreadyDone } = host
  const surroundings = useSurroundings()
  const base = useRow(surroundings.client, 'appointments', appointmentId)?.base as AppointmentRow | undefined
  const button = useButtonIn(surroundings, bookingConfirm, {
    ...host,
    defaultWords: bookingWords,
    label: plainText(host.children),
    lane: `appointment:${appointmentId}`,
    request: notes === undefined ? { appointmentId } : { appointmentId, notes },
    seenVersion: base?.version,
    isDone: base?.status === 'confirmed',
    subject: host.subject ?? base?.title,
    onSuccess: ({ appointment }) => onSuccess?.(appointment),
    onError: (error) => onError?.(error),
    onAlreadyDone: onAlreadyDone && base && (() => onAlreadyDone(base)),
  })
  return renderButton({ component: 'BookingConfirmButton', button: button as never, host: host as never, hostRef })
}
