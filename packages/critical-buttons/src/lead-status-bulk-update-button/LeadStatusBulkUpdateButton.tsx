'use client'
import { type LeadStatus, leadBulkUpdateStatus, type RequestOf } from '@org/contracts/client'
import { forwardRef, type Ref, useEffect } from 'react'
import { type CommonButtonProps, plainText } from '../critical-button/buttonProps.js'
import { isWorthRetrying } from '../critical-button/phaseLine.js'
import { renderButton } from '../critical-button/renderButton.js'
import { useButtonIn, useSurroundings } from '../critical-button/useCriticalButton.js'
import { entryOf, statusLabel } from '../lead-status-button/leadStatuses.js'
import { createFormatter } from '../messages/format.js'
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

type BulkRequest = RequestOf<typeof leadBulkUpdateStatus>

const bulkWords = createBulkWords(createFormatter('en'))

/** Sets many leads to one status, shows how far it has come and what failed. */
export const LeadStatusBulkUpdateButton = forwardRef(function LeadStatusBulkUpdateButton(
  props: LeadStatusBulkUpdateButtonProps,
  ref: Ref<HTMLButtonElement>,
) {
  return <UpdateMany props={props} hostRef={ref} />
})

function UpdateMany({ props, hostRef }: { props: LeadStatusBulkUpdateButtonProps; hostRef: Ref<HTMLButtonElement> }) {
  const { leadIds, targetStatus, ...host } = props
  const { onSuccess, onError, subject } = host
  const surroundings = useSurroundings()
  const { client, messages, environment } = surroundings
  const chosen: BulkRequest = { leadIds: leadIdsOf(leadIds), status: targetStatus }
  const underWay = useBulkUnderWay(client, chosen)
  const known = underWay === undefined ? undefined : client.getMutation(underWay)
  // The same in other words: a click on it would be that one, so it is locked as that one is.
  const request = known === undefined || known.settled ? chosen : (known.request as BulkRequest)
  const sentIn = (view: { request: unknown } | undefined) => (view?.request as BulkRequest | undefined) ?? request

  const button = useButtonIn(surroundings, leadBulkUpdateStatus, {
    ...host,
    defaultWords: bulkWords,
    label: plainText(host.children),
    lane: null,
    request,
    disabled: request.leadIds.length === 0 || host.disabled,
    // What is asked or was sent, not what is selected: the selection may have changed since.
    words(asked, data) {
      const { leadIds: ids, status } = asked ?? request
      const entry = entryOf(environment, status)
      return { subject, status: statusLabel(messages, entry), count: ids.length, unchanged: data?.unchanged, isFinal: entry.final }
    },
    details: (error) => <BulkFailures client={client} messages={messages} error={error} />,
    // An answer that names none: whatever has been done stays so.
    retryFailed: (sent, { failures }) =>
      failures ? { ...sent, leadIds: failures.filter(isWorthRetrying).map(({ leadId }) => leadId) } : sent,
    onSuccess: (data, view) => onSuccess?.(bulkResult(data, sentIn(view).status)),
    onError: (error, view) => onError?.(bulkError(error, view, sentIn(view).leadIds)),
  })
  const { goOnWith } = button
  useEffect(() => {
    if (underWay !== undefined) goOnWith(underWay)
  }, [underWay, goOnWith])
  return renderButton({
    component: 'LeadStatusBulkUpdateButton',
    drawing: 'list',
    button: button as never,
    host: host as never,
    hostRef,
    attributes: { 'data-status': targetStatus },
  })
}
