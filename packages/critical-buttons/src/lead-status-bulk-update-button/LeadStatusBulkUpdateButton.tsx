'use client'
import { type LeadStatus, leadBulkUpdateStatus } from '@org/contracts'
import { forwardRef, type Ref } from 'react'
import { ActionButton } from '../critical-button/ActionButton.js'
import type { CommonButtonProps } from '../critical-button/buttonProps.js'
import { isWorthRetrying } from '../critical-button/phaseLine.js'
import { useSyncClient } from '../hooks/useSyncClient.js'
import { statusLabel } from '../lead-status-button/statusLabel.js'
import { createFormatter } from '../messages/format.js'
import { useMessages } from '../messages/useMessages.js'
import { BulkFailures } from './BulkFailures.js'
import { type BulkUpdateError, type BulkUpdateResult, bulkError, bulkResult } from './bulkOutcome.js'
import { createBulkWords } from './bulkWords.js'
import { type LeadRef, leadIdsOf } from './leadIdsOf.js'

export interface LeadStatusBulkUpdateButtonProps extends CommonButtonProps<BulkUpdateResult, BulkUpdateError> {
  /** Ids, or rows with an `id`. At most 1,000. */
  leadIds: readonly LeadRef[]
  targetStatus: LeadStatus
  /** What the dialog of `with-confirm` asks. */
  confirmMessage?: string
}

interface BulkRequest {
  leadIds: string[]
  status: LeadStatus
}

const bulkWords = createBulkWords(createFormatter('en'))

/** Sets many leads to one status, shows how far it has come and what failed. */
export const LeadStatusBulkUpdateButton = forwardRef(function LeadStatusBulkUpdateButton(
  { leadIds, targetStatus, ...host }: LeadStatusBulkUpdateButtonProps,
  ref: Ref<HTMLButtonElement>,
) {
  const client = useSyncClient()
  const messages = useMessages()
  const request: BulkRequest = { leadIds: leadIdsOf(leadIds), status: targetStatus }
  return (
    <ActionButton
      component="LeadStatusBulkUpdateButton"
      host={host}
      hostRef={ref}
      client={client}
      action={leadBulkUpdateStatus}
      lane={undefined}
      english={bulkWords}
      requestOf={() => request}
      isLocked={({ controller }) => controller.isLocked(request)}
      isDisabled={request.leadIds.length === 0}
      wordsOf={({ view, confirming }) => {
        // While it works, the words are about what was sent: the selection may have changed since.
        const about = (view?.request as BulkRequest | undefined) ?? confirming ?? request
        const { unchanged } = view?.data ?? {}
        return { subject: host.subject, status: statusLabel(messages, about.status), count: about.leadIds.length, unchanged }
      }}
      onSuccess={(data, view) => host.onSuccess?.(bulkResult(data, (view.request as BulkRequest).status))}
      onError={(error, view) => host.onError?.(bulkError(error, ((view?.request as BulkRequest | undefined) ?? request).leadIds))}
      question={() => host.confirmMessage}
      extend={(model) => ({
        details: model.snapshot.phase === 'partial' && <BulkFailures model={model} />,
        retryFailed: () => {
          const failed = model.error?.failures?.filter(isWorthRetrying).map(({ leadId }) => leadId) ?? []
          const sent = model.snapshot.view?.request as BulkRequest
          model.controller.mutate({ ...sent, leadIds: failed }, { confirm: false })
        },
      })}
      attributes={{ 'data-status': targetStatus }}
    />
  )
})
