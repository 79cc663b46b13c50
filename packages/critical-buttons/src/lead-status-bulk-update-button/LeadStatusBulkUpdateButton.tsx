'use client'
import { type LeadStatus, leadBulkUpdateStatus } from '@org/contracts'
import { forwardRef, type Ref } from 'react'
import { ActionButton, type ActionButtonSetup, type Surroundings } from '../critical-button/ActionButton.js'
import type { CommonButtonProps } from '../critical-button/buttonProps.js'
import { isWorthRetrying } from '../critical-button/phaseLine.js'
import { statusLabel } from '../lead-status-button/statusLabel.js'
import { createFormatter } from '../messages/format.js'
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
  props: LeadStatusBulkUpdateButtonProps,
  ref: Ref<HTMLButtonElement>,
) {
  return <ActionButton props={props} hostRef={ref} useSetup={setUp} />
})

function setUp({ leadIds, targetStatus, ...host }: LeadStatusBulkUpdateButtonProps, { messages }: Surroundings) {
  const request: BulkRequest = { leadIds: leadIdsOf(leadIds), status: targetStatus }
  const requestIn = (view: { request: unknown } | undefined) => view?.request as BulkRequest | undefined
  const setup: ActionButtonSetup<typeof leadBulkUpdateStatus> = {
    component: 'LeadStatusBulkUpdateButton',
    host,
    action: leadBulkUpdateStatus,
    lane: undefined,
    english: bulkWords,
    requestOf: () => request,
    isLocked: ({ controller }) => controller.isLocked(request),
    isDisabled: request.leadIds.length === 0,
    wordsOf: ({ view, confirming }) => {
      // While it works, the words are about what was sent: the selection may have changed since.
      const { leadIds: ids, status } = requestIn(view) ?? confirming ?? request
      return { subject: host.subject, status: statusLabel(messages, status), count: ids.length, unchanged: view?.data?.unchanged }
    },
    onSuccess: (data, view) => host.onSuccess?.(bulkResult(data, requestIn(view)?.status ?? targetStatus)),
    onError: (error, view) => host.onError?.(bulkError(error, (requestIn(view) ?? request).leadIds)),
    question: () => host.confirmMessage,
    extend: (model) => ({
      details: model.snapshot.phase === 'partial' && <BulkFailures model={model} />,
      retryFailed: () => {
        const failed = model.error?.failures?.filter(isWorthRetrying).map(({ leadId }) => leadId) ?? []
        model.controller.mutate({ ...(requestIn(model.snapshot.view) ?? request), leadIds: failed }, { confirm: false })
      },
    }),
    attributes: { 'data-status': targetStatus },
  }
  return setup
}
