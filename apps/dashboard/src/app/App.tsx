import { type ReactNode, useEffect, useRef } from 'react'
import { AppointmentsTab } from '../appointments/AppointmentsTab.js'
import { type AppointmentRow, type LeadRow, useRows } from '../data/useRows.js'
import { LeadsTab } from '../leads/LeadsTab.js'
import { PatternsTab } from '../patterns/PatternsTab.js'
import { useRoute } from '../routing/hashRoute.js'
import { SyncTab } from '../under-the-hood/SyncTab.js'
import { documentTitle } from './documentTitle.js'
import { Header } from './Header.js'
import './layout.css'

/**
 * The whole dashboard. Both tables are followed from the start, so that a tab opens at once.
 * @param props `account`: who is signed in; `faults`: the fault panel, where there are stand-ins
 */
export function App({ account, faults }: { account: ReactNode; faults: ReactNode }) {
  const route = useRoute()
  const main = useRef<HTMLElement>(null)
  const appointments = useRows<AppointmentRow>('appointments')
  const leads = useRows<LeadRow>('leads')
  const title = documentTitle(route, leads.rows)
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <>
      <button type="button" className="skip-link" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <Header route={route} account={account} faults={faults} />
      <main ref={main} tabIndex={-1}>
        {route.tab === 'appointments' && <AppointmentsTab appointments={appointments} leads={leads} />}
        {route.tab === 'leads' && <LeadsTab leads={leads} appointments={appointments} openLeadId={route.leadId} />}
        {route.tab === 'patterns' && <PatternsTab name={route.name} leads={leads} appointments={appointments} />}
        {route.tab === 'sync' && <SyncTab records={{ leads: leads.rows, appointments: appointments.rows }} />}
      </main>
    </>
  )
}
