'use client'
import {
  type BulkFailure,
  ERROR_CODES,
  isErrorCode,
  type LeadRow,
  type LeadStatus,
  leadBulkUpdateStatus,
  VALID_STATUSES,
} from '@org/contracts'
import type { SyncClient } from '@org/sync-core'
import { forwardRef, type Ref } from 'react'
import { ButtonFrame, useTriggerRef } from '../critical-button/ButtonFrame.js'
import { buttonPreset, type CommonButtonProps } from '../critical-button/buttonProps.js'
import { ConfirmStep } from '../critical-button/ConfirmStep.js'
import { errorText } from '../critical-button/statusLineOf.js'
import { useButtonModel } from '../critical-button/useButtonModel.js'
import { useSyncClient } from '../hooks/useSyncClient.js'
import type { Messages } from '../messages/Messages.js'
import { useEnvironment } from '../provider/environment.js'
import { type BulkUpdateError, type BulkUpdateResult, bulkError, bulkResult } from './bulkOutcome.js'
import { type LeadRef, leadIdsOf } from './leadIdsOf.js'

export interface LeadStatusBulkUpdateButtonProps extends CommonButtonProps<BulkUpdateResult, BulkUpdateError> {
  /** Ids, or rows with an `id`. At most 1,000. */
  leadIds: readonly LeadRef[]
  targetStatus: LeadStatus
  /** What the dialog of `with-confirm` asks. */
  confirmMessage?: string
}

/** Sets many leads to one status, shows how far it has come and what failed. */
export const LeadStatusBulkUpdateButton = forwardRef(function LeadStatusBulkUpdateButton(
  props: LeadStatusBulkUpdateButtonProps,
  ref: Ref<HTMLButtonElement>,
) {
  const {
    leadIds,
    targetStatus,
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
  const ids = leadIdsOf(leadIds)
  const request = { leadIds: ids, status: targetStatus }

  const model = useButtonModel({
    client,
    environment,
    action: leadBulkUpdateStatus,
    lane: undefined,
    options: {
      confirm: preset.confirm,
      maxAttempts,
      expiresAfterMs,
      onSettled,
      onProgress,
      onSuccess: (data, { request: sent }) => onSuccess?.(bulkResult(data, (sent as typeof request).status)),
      onError: (error, view) => onError?.(bulkError(error, (view?.request as typeof request | undefined)?.leadIds ?? ids)),
    },
    progress: preset.progress,
    announce,
    messages,
    words: {},
  })
  const { controller, snapshot, actionMessages } = model
  // While it works, the words are about what was sent: the selection may have changed since.
  const sent = (snapshot.view?.request ?? snapshot.confirming ?? request) as typeof request
  const words = wordsOf(sent, environment.messages.statuses, subject)
  const restWords = wordsOf(request, environment.messages.statuses, subject)
  const retryFailed = () => {
    const failed = snapshot.view?.error?.failures?.map(({ leadId }) => leadId) ?? []
    if (failed.length > 0) controller.mutate({ leadIds: failed, status: sent.status }, { confirm: false })
  }
  const failures =
    snapshot.phase === 'partial' ? failuresInWords(snapshot.view?.error?.failures ?? [], client, environment.messages) : undefined
  const shown: typeof model = { ...model, words, retryFailed, failures }

  return (
    <ButtonFrame
      ref={ref}
      component="LeadStatusBulkUpdateButton"
      look="solid"
      model={shown}
      variant={preset.variant}
      disabled={preset.disabled || ids.length === 0}
      isLocked={controller.isLocked(request)}
      label={children ?? actionMessages.label(snapshot.view === undefined || snapshot.view.settled ? restWords : words)}
      done={actionMessages.done(words)}
      onPress={() => controller.mutate(request)}
      attributes={{ ...attributes, 'data-status': targetStatus }}
      classNames={classNames}
      triggerRef={triggerRef}
    >
      {preset.confirm && (
        <ConfirmStep
          model={shown}
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

function wordsOf(
  request: { leadIds: readonly string[]; status: LeadStatus },
  labels: Readonly<Record<string, string>>,
  subject: string | undefined,
) {
  const status = labels[request.status] ?? VALID_STATUSES.find(({ value }) => value === request.status)?.label
  return { subject, status, count: request.leadIds.length }
}

function failuresInWords(failures: readonly BulkFailure[], client: SyncClient, messages: Messages) {
  return failures.map(({ leadId, code }) => {
    const lead = client.getRow('leads', leadId)?.row as Partial<LeadRow> | undefined
    const text = isErrorCode(code) ? ERROR_CODES[code].text : code
    return { id: leadId, name: lead?.name ?? leadId, reason: errorText({ code, message: text, willRetry: false }, messages) }
  })
}
