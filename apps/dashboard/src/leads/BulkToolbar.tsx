import { type LeadStatus, LeadStatusBulkUpdateButton, VALID_STATUSES } from '@org/critical-buttons'
import { useState } from 'react'
import { Icon } from '../icons/Icon.js'
import { toast } from '../toasts/toast.js'
import { bulkQuestion } from './finalStatusQuestions.js'
import type { Selection } from './useSelection.js'

/** What can be done with the selected leads; shown while there are some. */
export function BulkToolbar({ selection }: { selection: Selection }) {
  const [status, setStatus] = useState<LeadStatus>('contacted')
  const count = selection.ids.length
  return (
    <section className="bulk-toolbar" hidden={count === 0} aria-label="Selected leads">
      <p>
        <strong>{count}</strong> selected
      </p>
      <button type="button" className="plain-button bulk-clear" data-quiet onClick={selection.clear}>
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
      <LeadStatusBulkUpdateButton
        leadIds={selection.ids}
        targetStatus={status}
        variant="with-progress"
        {...bulkQuestion(status)}
        onSuccess={(result) =>
          toast.success(`Updated ${result.updated} ${result.updated === 1 ? 'lead' : 'leads'} to ${labelOf(result.status)}`)
        }
        onError={(error) => toast.error(error.message)}
      />
    </section>
  )
}

function labelOf(status: string): string {
  return VALID_STATUSES.find(({ value }) => value === status)?.label ?? status
}
