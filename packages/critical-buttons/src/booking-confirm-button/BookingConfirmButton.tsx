'use client'
import { type AppointmentRow, bookingConfirm } from '@org/contracts/client'
import type { ErrorOf } from '@org/sync-core'
import { forwardRef, type Ref } from 'react'
import { ActionButton } from '../critical-button/ActionButton.js'
import type { ButtonData, ButtonKind } from '../critical-button/ButtonKind.js'
import type { CommonButtonProps } from '../critical-button/buttonProps.js'
import { useRow } from '../hooks/useRow.js'
import { bookingWords } from './bookingWords.js'

export interface BookingConfirmButtonProps extends CommonButtonProps<AppointmentRow, ErrorOf<typeof bookingConfirm>> {
  appointmentId: string
  /** Stored with the booking. At most 2,000 characters. */
  notes?: string
  /** What the dialog of `with-confirm` asks. */
  confirmMessage?: string
}

/** Confirms an appointment, once. Stays "Confirmed" as soon as the appointment is, whoever did it. */
export const BookingConfirmButton = forwardRef(function BookingConfirmButton(
  props: BookingConfirmButtonProps,
  ref: Ref<HTMLButtonElement>,
) {
  return <ActionButton kind={bookingKind} props={props} hostRef={ref} />
})

const bookingKind: ButtonKind<BookingConfirmButtonProps, typeof bookingConfirm, ButtonData<typeof bookingConfirm>> = {
  component: 'BookingConfirmButton',
  english: bookingWords,
  useData({ appointmentId, notes, ...host }, { client }) {
    const base = useRow(client, 'appointments', appointmentId)?.base as Partial<AppointmentRow> | undefined
    return {
      host,
      action: bookingConfirm,
      lane: `appointment:${appointmentId}`,
      request: notes === undefined ? { appointmentId } : { appointmentId, notes },
      seenVersion: base?.version,
      isDone: base?.status === 'confirmed',
      subject: host.subject ?? base?.title,
    }
  },
  resultOf: (_data, { appointment }) => appointment,
}
