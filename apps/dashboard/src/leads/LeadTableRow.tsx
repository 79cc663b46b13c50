import { LeadStatusButton } from '@org/critical-buttons'
import type { LeadRow } from '../data/useRows.js'
import { PhoneNumber } from '../format/PhoneNumber.js'
import { FINAL_STATUS_QUESTIONS } from '../lead-card/finalStatusQuestions.js'
import { hrefOf } from '../routing/hashRoute.js'
import { useUnseenToast } from '../toasts/useUnseenToast.js'

interface Props {
  lead: LeadRow
  selected: boolean
  open: boolean
  onToggle: () => void
}

/** One lead: selection, name, phone and the button that changes its status. */
export function LeadTableRow({ lead, selected, open, onToggle }: Props) {
  const { trigger, tell } = useUnseenToast<HTMLButtonElement>()
  return (
    <tr data-lead={lead.id} data-selected={selected || undefined} data-open={open || undefined}>
      <td className="lead-check">
        <input type="checkbox" aria-label={`Select ${lead.name}`} checked={selected} onChange={onToggle} />
      </td>
      <th scope="row" className="lead-name">
        <a href={hrefOf({ tab: 'leads', leadId: lead.id })} aria-current={open || undefined}>
          {lead.name}
        </a>
      </th>
      <td className="lead-phone">
        <PhoneNumber number={lead.phone} />
      </td>
      <td className="lead-status">
        <LeadStatusButton
          ref={trigger}
          leadId={lead.id}
          currentStatus={lead.status}
          variant="with-confirm"
          confirmMessage={FINAL_STATUS_QUESTIONS}
          onError={(error) => tell('bad', `${lead.name}: ${error.message}`)}
        />
      </td>
    </tr>
  )
}
