'use client'
import { type LeadRow, type SmsMessageView, smsSend, type TemplateId } from '@org/contracts'
import type { MutationError } from '@org/sync-core'
import { forwardRef, type Ref } from 'react'
import { ButtonFrame, useTriggerRef } from '../critical-button/ButtonFrame.js'
import { buttonPreset, type CommonButtonProps } from '../critical-button/buttonProps.js'
import { ConfirmStep } from '../critical-button/ConfirmStep.js'
import { useButtonModel } from '../critical-button/useButtonModel.js'
import { useRow } from '../hooks/useRow.js'
import { useSyncClient } from '../hooks/useSyncClient.js'
import { useEnvironment } from '../provider/environment.js'

export interface SendSMSButtonProps extends CommonButtonProps<SmsMessageView, MutationError> {
  leadId: string
  /** 1 to 1,600 characters, not only blanks. */
  message: string
  /** Which template the text was made from, for the records. */
  templateId?: TemplateId | (string & {})
  /** What the dialog of `with-confirm` asks. */
  confirmMessage?: string
}

/** Sends one SMS to a lead. The same text again within a minute is not sent twice, unless "Send again" is chosen. */
export const SendSMSButton = forwardRef(function SendSMSButton(props: SendSMSButtonProps, ref: Ref<HTMLButtonElement>) {
  const {
    leadId,
    message,
    templateId,
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
  const row = useRow(client, 'leads', leadId)
  const words = { subject: subject ?? (row?.row as Partial<LeadRow> | undefined)?.name }
  const request = templateId === undefined ? { leadId, message } : { leadId, message, templateId }

  const model = useButtonModel({
    client,
    environment,
    action: smsSend,
    lane: `lead:${leadId}:sms`,
    options: {
      confirm: preset.confirm,
      maxAttempts,
      expiresAfterMs,
      onSettled,
      onError,
      onProgress,
      onSuccess: (data) => onSuccess?.(data.sms),
    },
    progress: preset.progress,
    announce,
    messages,
    words,
  })
  const { controller, actionMessages } = model

  return (
    <ButtonFrame
      ref={ref}
      component="SendSMSButton"
      look="solid"
      model={{ ...model, sendAgain: () => controller.mutate(request, { again: true, confirm: false }) }}
      variant={preset.variant}
      disabled={preset.disabled}
      isLocked={controller.isLocked(request)}
      label={children ?? actionMessages.label(words)}
      done={actionMessages.done(words)}
      onPress={() => controller.mutate(request)}
      attributes={attributes}
      classNames={classNames}
      triggerRef={triggerRef}
    >
      {preset.confirm && (
        <ConfirmStep
          model={model}
          message={confirmMessage ?? actionMessages.confirmMessage(words)}
          version={undefined}
          triggerRef={triggerRef}
          slots={slots}
          className={classNames?.dialog}
        />
      )}
    </ButtonFrame>
  )
})
