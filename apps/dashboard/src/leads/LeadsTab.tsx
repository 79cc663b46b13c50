import { useDeferredValue, useMemo, useState } from 'react'
import type { AppointmentRow, LeadRow, RowsState } from '../data/useRows.js'
import { LeadCard } from '../lead-card/LeadCard.js'
import { LoadingRows } from '../notices/LoadingRows.js'
import { Notice } from '../notices/Notice.js'
import { RowsTrouble } from '../notices/RowsTrouble.js'
import { BulkToolbar } from './BulkToolbar.js'
import { filterLeads } from './filterLeads.js'
import { LeadFilterBar } from './LeadFilterBar.js'
import { LeadTable } from './LeadTable.js'
import { inOrder, type LeadOrder } from './leadOrder.js'
import { leadsSummary } from './leadsSummary.js'
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
  const [order, setOrder] = useState<LeadOrder>({ by: 'name', descending: false })
  // Typing is never behind its own letters, however many rows there are.
  const wanted = useDeferredValue(filter)
  const listed = useMemo(() => inOrder(filterLeads(leads.rows, wanted), order), [leads.rows, wanted, order])
  const selection = useSelection(useMemo(() => listed.map((lead) => lead.id), [listed]))
  const isEmpty = leads.status !== 'loading' && leads.status !== 'error' && listed.length === 0
  return (
    <div className="leads-view" data-card-open={openLeadId !== null || undefined}>
      <section className="leads-list" aria-labelledby="leads-title">
        <header className="view-header">
          <div>
            <h1 id="leads-title">Leads</h1>
            <p className="soft">{leadsSummary(leads.status, listed.length, leads.rows.length)}</p>
          </div>
          <LeadFilterBar filter={filter} onFilter={setFilter} order={order} onOrder={setOrder} />
        </header>
        <RowsTrouble state={leads} what="leads" />
        {leads.status === 'loading' && leads.rows.length === 0 && <LoadingRows what="leads" shape="table" />}
        {isEmpty && (
          <Notice icon="people" title={leads.rows.length === 0 ? 'No leads yet' : 'No lead matches'}>
            <p className="small">{leads.rows.length === 0 ? 'A new lead appears here by itself.' : 'Try another name, phone or status.'}</p>
          </Notice>
        )}
        {listed.length > 0 && <LeadTable leads={listed} selection={selection} openLeadId={openLeadId} order={order} onOrder={setOrder} />}
        <BulkToolbar selection={selection} />
      </section>
      {openLeadId !== null && <LeadCard key={openLeadId} leadId={openLeadId} leads={leads} appointments={appointments} />}
    </div>
  )
}
