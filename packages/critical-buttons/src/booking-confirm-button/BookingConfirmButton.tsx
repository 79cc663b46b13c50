'use client'
import { type AppointmentRow, bookingConfirm } from '@org/contracts'
import type { MutationError } from '@org/sync-core'
import { forwardRef, type Ref } from 'react'
import { ActionButton, type ActionButtonSetup, type Surroundings } from '../critical-button/ActionButton.js'
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
  return <ActionButton props={props} hostRef={ref} useSetup={useBookingSetup} />
})

function useBookingSetup({ appointmentId, notes, ...host }: BookingConfirmButtonProps, { client }: Surroundings) {
  const rowView = useRow(client, 'appointments', appointmentId)
  const base = rowView?.base as Partial<AppointmentRow> | undefined
  const request = { appointmentId, ...(notes === undefined ? {} : { notes }) }
  const setup: ActionButtonSetup<typeof bookingConfirm> = {
    component: 'BookingConfirmButton',
    host,
    action: bookingConfirm,
    lane: `appointment:${appointmentId}`,
    english: bookingWords,
    requestOf: () => request,
    isLocked: ({ controller }) => controller.isLocked(request),
    isDone: base?.status === 'confirmed',
    wordsOf: () => ({ subject: host.subject ?? base?.title }),
    onSuccess: (data) => host.onSuccess?.(data.appointment),
    onError: (error) => host.onError?.(error),
    seenVersion: base?.version,
    question: () => host.confirmMessage,
  }
  return setup
}
