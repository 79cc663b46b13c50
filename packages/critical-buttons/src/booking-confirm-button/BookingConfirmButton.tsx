'use client'
import { type AppointmentRow, bookingConfirm } from '@org/contracts'
import type { MutationError } from '@org/sync-core'
import { forwardRef, type Ref } from 'react'
import { ButtonFrame, useTriggerRef } from '../critical-button/ButtonFrame.js'
import { buttonPreset, type CommonButtonProps } from '../critical-button/buttonProps.js'
import { ConfirmStep } from '../critical-button/ConfirmStep.js'
import { useButtonModel } from '../critical-button/useButtonModel.js'
import { useRow } from '../hooks/useRow.js'
import { useSyncClient } from '../hooks/useSyncClient.js'
import { useEnvironment } from '../provider/environment.js'

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
  const {
    appointmentId,
    notes,
    confirmMessage,
    subject,
    children,
    classNames,
    slots,
    announce,
    messages,
    maxAttempts,
    expiresAfterMs,
    ...rest
  } = props
  const {
    onSuccess,
    onError,
    onSettled,
    onProgress,
    variant: _variant,
    confirm: _confirm,
    progress: _progress,
    disabled: _disabled,
    ...attributes
  } = rest
  const preset = buttonPreset(props)
  const client = useSyncClient()
  const environment = useEnvironment()
  const triggerRef = useTriggerRef()
  const row = useRow(client, 'appointments', appointmentId)
  const appointment = row?.row as Partial<AppointmentRow> | undefined
  const words = { subject: subject ?? appointment?.title }
  const request = notes === undefined ? { appointmentId } : { appointmentId, notes }

  const model = useButtonModel({
    client,
    environment,
    action: bookingConfirm,
    lane: `appointment:${appointmentId}`,
    options: {
      confirm: preset.confirm,
      maxAttempts,
      expiresAfterMs,
      onSettled,
      onError,
      onProgress,
      onSuccess: (data) => onSuccess?.(data.appointment),
    },
    progress: preset.progress,
    announce,
    messages,
    words,
  })
  const { controller, actionMessages } = model
  const seenVersion = row?.base?.version

  return (
    <ButtonFrame
      ref={ref}
      component="BookingConfirmButton"
      look="solid"
      model={model}
      variant={preset.variant}
      disabled={preset.disabled}
      isDone={(row?.base as Partial<AppointmentRow> | undefined)?.status === 'confirmed'}
      isLocked={controller.isLocked(request)}
      label={children ?? actionMessages.label(words)}
      done={actionMessages.done(words)}
      onPress={() => controller.mutate(request, { seenVersion })}
      attributes={attributes}
      classNames={classNames}
      triggerRef={triggerRef}
    >
      {preset.confirm && (
        <ConfirmStep
          model={model}
          message={confirmMessage ?? actionMessages.confirmMessage(words)}
          version={seenVersion}
          triggerRef={triggerRef}
          slots={slots}
          className={classNames?.dialog}
        />
      )}
    </ButtonFrame>
  )
})
