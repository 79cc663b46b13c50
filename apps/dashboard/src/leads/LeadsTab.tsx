import { VALID_STATUSES } from '@org/critical-buttons'
import { useState } from 'react'
import type { AppointmentRow, LeadRow, RowsState } from '../data/useRows.js'
import { LeadCard } from '../lead-card/LeadCard.js'
import { LoadingRows } from '../notices/LoadingRows.js'
import { Notice } from '../notices/Notice.js'
import { RowsTrouble } from '../notices/RowsTrouble.js'
import { BulkToolbar } from './BulkToolbar.js'
import { filterLeads } from './filterLeads.js'
import { LeadTable } from './LeadTable.js'
import { useSelection } from './useSelection.js'
import './leads.css'

interface Props {
  leads: RowsState<LeadRow>
  appointments: RowsState<AppointmentRow>
  /** The lead whose card is open. */
  openLeadId: string | null
}

/** The table of leads with its filter and bulk toolbar, and the open lead's card beside it. */
export function LeadsTab({ leads, appointments, openLeadId }: Props) {
  const [filter, setFilter] = useState({ text: '', status: 'all' })
  const listed = filterLeads(leads.rows, filter)
  const selection = useSelection(listed.map((lead) => lead.id))
  return (
    <div className="leads-view" data-card-open={openLeadId !== null || undefined}>
      <section className="leads-list" aria-labelledby="leads-title">
        <header className="view-header">
          <div>
            <h1 id="leads-title">Leads</h1>
            <p className="soft">{summary(leads.status, listed.length, leads.rows.length)}</p>
          </div>
          <div className="lead-filter">
            <label>
              <span className="unseen">Search by name or phone</span>
              <input
                className="input"
                type="search"
                placeholder="Name or phone"
                value={filter.text}
                onChange={(event) => setFilter({ ...filter, text: event.target.value })}
              />
            </label>
            <label>
              <span className="unseen">Show leads with status</span>
              <select className="input" value={filter.status} onChange={(event) => setFilter({ ...filter, status: event.target.value })}>
                <option value="all">All statuses</option>
                {VALID_STATUSES.map(({ value, label }) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
          </div>
        </header>
        <RowsTrouble state={leads} what="leads" />
        {leads.status === 'loading' && <LoadingRows what="leads" shape="table" />}
        {leads.status !== 'loading' && leads.status !== 'error' && listed.length === 0 && (
          <Notice icon="people" title={leads.rows.length === 0 ? 'No leads yet' : 'No lead matches'}>
            <p className="small">{leads.rows.length === 0 ? 'A new lead appears here by itself.' : 'Try another name, phone or status.'}</p>
          </Notice>
        )}
        {listed.length > 0 && <LeadTable leads={listed} selection={selection} openLeadId={openLeadId} />}
        <BulkToolbar selection={selection} />
      </section>
      {openLeadId !== null && <LeadCard key={openLeadId} leadId={openLeadId} leads={leads} appointments={appointments} />}
    </div>
  )
}

function summary(status: RowsState['status'], listed: number, all: number): string {
  if (status === 'loading') return 'Loading …'
  if (status === 'error') return 'Not loaded yet'
  return listed === all ? `${all} ${all === 1 ? 'lead' : 'leads'}` : `${listed} of ${all} shown`
}
