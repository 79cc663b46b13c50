import { useId } from 'react'
import type { AppointmentRow, LeadRow } from '../data/useRows.js'
import { dayOfMonth, formatLongDay, formatMonth, formatTime } from '../format/format.js'
import { hrefOf } from '../routing/hashRoute.js'
import { ConfirmAction } from './ConfirmAction.js'

interface Props {
  appointment: AppointmentRow
  /** A click on it is not through yet. */
  isPending: boolean
  lead: LeadRow | undefined
}

/** One appointment: when, what, with whom, and its confirm button. */
export function AppointmentItem({ appointment, isPending, lead }: Props) {
  const { id, title, scheduled_at: at, status } = appointment
  const titleId = useId()
  return (
    <li className="appointment" data-status={isPending ? 'pending' : status} data-appointment={id}>
      <time className="appointment-date" dateTime={at}>
        <span aria-hidden="true">{formatMonth(at)}</span>
        <strong aria-hidden="true">{dayOfMonth(at)}</strong>
        <span className="unseen">{formatLongDay(at)}</span>
      </time>
      <div className="appointment-text">
        <h2 id={titleId}>{title}</h2>
        <p className="soft small">
          {formatTime(at)}
          {lead && (
            <>
              {' · '}
              <a href={hrefOf({ tab: 'leads', leadId: lead.id })}>{lead.name}</a>
            </>
          )}
        </p>
      </div>
      <ConfirmAction appointment={appointment} describedBy={titleId} />
    </li>
  )
}
