'use client'
import { FINAL_STATUS, type LeadStatus, leadBulkUpdateStatus } from '@org/contracts/client'
import { forwardRef, type Ref, useEffect } from 'react'
import { ActionButton } from '../critical-button/ActionButton.js'
import type { ButtonData, ButtonKind } from '../critical-button/ButtonKind.js'
import type { CommonButtonProps } from '../critical-button/buttonProps.js'
import { isWorthRetrying } from '../critical-button/phaseLine.js'
import { statusLabel } from '../lead-status-button/statusLabel.js'
import { createFormatter } from '../messages/format.js'
import type { CommonMessages } from '../messages/Messages.js'
import { BulkFailures } from './BulkFailures.js'
import { type BulkUpdateError, type BulkUpdateResult, bulkError, bulkResult } from './bulkOutcome.js'
import { createBulkWords } from './bulkWords.js'
import { type LeadRef, leadIdsOf } from './leadIdsOf.js'
import { useBulkUnderWay } from './useBulkUnderWay.js'

export interface LeadStatusBulkUpdateButtonProps extends CommonButtonProps<BulkUpdateResult, BulkUpdateError> {
  /** Ids, or rows with an `id`. As many as there are: they are sent in parts of 200. */
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
  return <ActionButton kind={bulkKind} props={props} hostRef={ref} />
})

interface BulkData extends ButtonData<typeof leadBulkUpdateStatus> {
  request: BulkRequest
  messages: CommonMessages
  underWay: string | undefined
}

const sentIn = (view: { request: unknown } | undefined) => view?.request as BulkRequest | undefined

const bulkKind: ButtonKind<LeadStatusBulkUpdateButtonProps, typeof leadBulkUpdateStatus, BulkData> = {
  component: 'LeadStatusBulkUpdateButton',
  english: bulkWords,
  useData({ leadIds, targetStatus, ...host }, { client, messages }) {
    const chosen: BulkRequest = { leadIds: leadIdsOf(leadIds), status: targetStatus }
    const underWay = useBulkUnderWay(client, chosen)
    const known = underWay === undefined ? undefined : client.getMutation(underWay)
    // The same in other words: a click on it would be that one, so it is locked as that one is.
    const request = known === undefined || known.settled ? chosen : (known.request as BulkRequest)
    return {
      host,
      action: leadBulkUpdateStatus,
      lane: undefined,
      request,
      subject: host.subject,
      isDisabled: request.leadIds.length === 0,
      attributes: { 'data-status': targetStatus },
      messages,
      underWay,
    }
  },
  useController({ underWay }, controller) {
    useEffect(() => {
      if (underWay !== undefined) controller.goOnWith(underWay)
    }, [underWay, controller])
  },
  wordsOf({ subject, request, messages }, { view, request: asked = request }) {
    // What is asked or was sent, not what is selected: the selection may have changed since.
    const { leadIds, status } = asked
    return {
      subject,
      status: statusLabel(messages, status),
      count: leadIds.length,
      unchanged: view?.data?.unchanged,
      isFinal: status === FINAL_STATUS,
    }
  },
  resultOf: ({ request }, data, view) => bulkResult(data, (sentIn(view) ?? request).status),
  errorOf: ({ request }, error, view) => bulkError(error, view, (sentIn(view) ?? request).leadIds),
  extend: ({ request }, { client, controller, snapshot, messages, error }) => ({
    details: snapshot.phase === 'partial' && <BulkFailures model={{ client, messages, error }} />,
    retryFailed: () => {
      const failed = error?.failures?.filter(isWorthRetrying).map(({ leadId }) => leadId) ?? []
      controller.mutate({ ...(sentIn(snapshot.view) ?? request), leadIds: failed }, { confirm: false })
    },
  }),
}
