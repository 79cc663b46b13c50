import { SmsHistory } from '@org/critical-buttons'
import { useEffect, useRef } from 'react'
import type { AppointmentRow, LeadRow, RowsState } from '../data/useRows.js'
import { Icon } from '../icons/Icon.js'
import { Notice } from '../notices/Notice.js'
import { hrefOf } from '../routing/hashRoute.js'
import { LeadAppointments } from './LeadAppointments.js'
import { LeadSummary } from './LeadSummary.js'
import { SmsComposer } from './SmsComposer.js'
import './leadCard.css'

interface Props {
  leadId: string
  leads: RowsState<LeadRow>
  appointments: RowsState<AppointmentRow>
}

/** Everything about one lead: who, status, appointments, a new SMS and the SMS so far. */
export function LeadCard({ leadId, leads, appointments }: Props) {
  const lead = leads.rows.find(({ id }) => id === leadId)
  const theirs = appointments.rows.filter((appointment) => appointment.lead_id === leadId)
  const title = useRef<HTMLHeadingElement>(null)
  // Opening a card moves the reader to it, by keyboard and by ear.
  useEffect(() => title.current?.focus(), [])
  return (
    <aside className="lead-card" aria-labelledby="lead-card-title">
      <a className="plain-button lead-card-close" data-quiet="" href={hrefOf({ tab: 'leads', leadId: null })}>
        <Icon name="back" />
        All leads
      </a>
      <h2 id="lead-card-title" tabIndex={-1} ref={title}>
        {lead?.name ?? 'Lead'}
      </h2>
      {lead ? (
        <>
          <LeadSummary lead={lead} />
          <LeadAppointments appointments={theirs} />
          <SmsComposer lead={lead} appointment={theirs.find(({ status }) => status !== 'cancelled')} />
          <section>
            <h3>SMS so far</h3>
            <SmsHistory leadId={leadId} />
          </section>
        </>
      ) : (
        leads.status !== 'loading' && (
          <Notice icon="people" title="There is no such lead">
            <p className="small">It may belong to another organisation, or the link is wrong.</p>
          </Notice>
        )
      )}
    </aside>
  )
}
