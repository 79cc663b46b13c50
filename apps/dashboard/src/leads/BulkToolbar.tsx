import { type LeadStatus, LeadStatusBulkUpdateButton, VALID_STATUSES } from '@org/critical-buttons'
import { useRef, useState } from 'react'
import { Icon } from '../icons/Icon.js'
import { bulkQuestion } from '../lead-card/finalStatusQuestions.js'
import { useUnseenToast } from '../toasts/useUnseenToast.js'
import { useHeightProperty } from './useHeightProperty.js'
import type { Selection } from './useSelection.js'
import { useUnfinishedBulk } from './useUnfinishedBulk.js'

/** What can be done with the selected leads; shown while there are some, and while a bulk update is not over. */
export function BulkToolbar({ selection }: { selection: Selection }) {
  const [status, setStatus] = useState<LeadStatus>('contacted')
  const unfinished = useUnfinishedBulk()
  const hasSelection = selection.ids.length > 0
  // A selection does not outlive a reload, what was sent does.
  const target = hasSelection || unfinished === undefined ? { leadIds: selection.ids, status } : unfinished
  const count = target.leadIds.length
  const { trigger, tell } = useUnseenToast<HTMLButtonElement>()
  const toolbar = useRef<HTMLElement>(null)
  useHeightProperty(toolbar, '--bulk-toolbar-height')
  return (
    <section ref={toolbar} className="bulk-toolbar" hidden={count === 0} aria-label="Selected leads">
      <p>
        <strong>{count.toLocaleString()}</strong> {hasSelection ? 'selected' : 'in the last change'}
      </p>
      {hasSelection && (
        <>
          <button type="button" className="plain-button bulk-clear" data-quiet onClick={selection.verbs.clear}>
            <Icon name="close" />
            <span>Clear selection</span>
          </button>
          <label className="bulk-status">
            <span className="unseen">New status</span>
            <select className="input" value={status} onChange={(event) => setStatus(event.target.value as LeadStatus)}>
              {VALID_STATUSES.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </label>
        </>
      )}
      <LeadStatusBulkUpdateButton
        ref={trigger}
        leadIds={target.leadIds}
        targetStatus={target.status}
        variant="with-progress"
        {...bulkQuestion(target.status)}
        onSuccess={(result) =>
          tell('good', `Updated ${result.updated.toLocaleString()} ${result.updated === 1 ? 'lead' : 'leads'} to ${labelOf(result.status)}`)
        }
        onError={(error) => tell('bad', error.message)}
      />
    </section>
  )
}

function labelOf(status: string): string {
  return VALID_STATUSES.find(({ value }) => value === status)?.label ?? status
}
