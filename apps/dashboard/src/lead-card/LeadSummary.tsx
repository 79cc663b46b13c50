import { LeadStatusButton } from '@org/critical-buttons'
import type { LeadRow } from '../data/useRows.js'
import { PhoneNumber } from '../format/PhoneNumber.js'
import { Icon } from '../icons/Icon.js'
import { useUnseenToast } from '../toasts/useUnseenToast.js'
import { FINAL_STATUS_QUESTIONS } from './finalStatusQuestions.js'
import { useUpdateFlash } from './useUpdateFlash.js'

/** Phone and status; flashes for three seconds when someone else changed the lead (the guide's pattern 3). */
export function LeadSummary({ lead }: { lead: LeadRow }) {
  const updatedBy = useUpdateFlash(lead.id)
  const { trigger, tell } = useUnseenToast<HTMLButtonElement>()
  return (
    <div className="lead-summary" data-flash={updatedBy !== null || undefined}>
      <p className="lead-summary-phone soft">
        <Icon name="phone" />
        <PhoneNumber number={lead.phone} />
      </p>
      <LeadStatusButton
        ref={trigger}
        leadId={lead.id}
        currentStatus={lead.status}
        variant="with-confirm"
        confirmMessage={FINAL_STATUS_QUESTIONS}
        onError={(error) => tell('bad', `${lead.name}: ${error.message}`)}
      />
      <p className="lead-updated-by small" role="status">
        {updatedBy !== null && `Updated by ${updatedBy}`}
      </p>
    </div>
  )
}
