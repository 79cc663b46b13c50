'use client'
import { type AppointmentRow, bookingConfirm } from '@org/contracts'
import type { MutationError } from '@org/sync-core'
import { forwardRef, type Ref } from 'react'
import { ActionButton } from '../critical-button/ActionButton.js'
import { type ButtonData, type ButtonKind, requestIsKnown } from '../critical-button/ButtonKind.js'
import type { CommonButtonProps } from '../critical-button/buttonProps.js'
import { useRow } from '../hooks/useRow.js'
import { bookingWords } from './bookingWords.js'

export interface BookingConfirmButtonProps extends CommonButtonProps<AppointmentRow, MutationError> {
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

interface BookingData extends ButtonData<typeof bookingConfirm> {
  host: CommonButtonProps<AppointmentRow, MutationError> & { confirmMessage?: string }
  title: string | undefined
}

const bookingKind: ButtonKind<BookingConfirmButtonProps, typeof bookingConfirm, BookingData> = {
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
      title: base?.title,
    }
  },
  requestOf: requestIsKnown,
  wordsOf: ({ host, title }) => ({ subject: host.subject ?? title }),
  onSuccess: ({ host }, { appointment }) => host.onSuccess?.(appointment),
  onError: ({ host }, error) => host.onError?.(error),
  question: ({ host }) => host.confirmMessage,
}
