import { LeadStatusButton } from '@org/critical-buttons'
import { memo, type Ref } from 'react'
import type { LeadRow } from '../data/useRows.js'
import { formatDayAndTime } from '../format/format.js'
import { PhoneNumber } from '../format/PhoneNumber.js'
import { FINAL_STATUS_QUESTIONS } from '../lead-card/finalStatusQuestions.js'
import { hrefOf } from '../routing/hashRoute.js'
import { useUnseenToast } from '../toasts/useUnseenToast.js'
import type { SelectionVerbs } from './useSelection.js'

interface Props {
  lead: LeadRow
  /** Its place in the list, from 0. */
  index: number
  selected: boolean
  open: boolean
  verbs: SelectionVerbs
  /** Of the row, to be measured. */
  ref: Ref<HTMLTableRowElement>
}

/** One lead: selection, name, phone, the button that changes its status, and when it changed last. Drawn again for its own sake alone. */
export const LeadTableRow = memo(function LeadTableRow({ lead, index, selected, open, verbs, ref }: Props) {
  const { trigger, tell } = useUnseenToast<HTMLButtonElement>()
  return (
    <tr
      ref={ref}
      data-index={index}
      aria-rowindex={index + 2}
      data-lead={lead.id}
      data-selected={selected || undefined}
      data-open={open || undefined}
    >
      <td className="lead-check">
        <input
          type="checkbox"
          aria-label={`Select ${lead.name}`}
          checked={selected}
          onChange={({ nativeEvent }) => (isRange(nativeEvent) ? verbs.reach(lead.id) : verbs.toggle(lead.id))}
        />
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
          status="compact"
          confirmMessage={FINAL_STATUS_QUESTIONS}
          onError={(error) => tell('bad', `${lead.name}: ${error.message}`)}
        />
      </td>
      <td className="lead-changed">{lead.updated_at ? formatDayAndTime(lead.updated_at) : '–'}</td>
    </tr>
  )
})

/** A box is clicked, or pressed by the space bar, with Shift held. */
function isRange(event: Event): boolean {
  return event instanceof MouseEvent && event.shiftKey
}
