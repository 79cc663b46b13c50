import type { ReactNode } from 'react'
import type { AppointmentRow, LeadRow, RowsState } from '../data/useRows.js'
import { LoadingRows } from '../notices/LoadingRows.js'
import { Notice } from '../notices/Notice.js'
import { RowsTrouble } from '../notices/RowsTrouble.js'
import { hrefOf } from '../routing/hashRoute.js'
import { PATTERNS, type PatternName } from '../routing/patterns.js'
import { CampaignPattern } from './CampaignPattern.js'
import { OfflinePattern } from './OfflinePattern.js'
import { OptimisticPattern } from './OptimisticPattern.js'
import { TogetherPattern } from './TogetherPattern.js'
import { WorkflowPattern } from './WorkflowPattern.js'
import './patterns.css'

interface Props {
  name: PatternName
  leads: RowsState<LeadRow>
  appointments: RowsState<AppointmentRow>
}

/** The buttons put together in the ways that the integration guide describes, each on a page, with the leads at hand. */
export function PatternsTab({ name, leads, appointments }: Props) {
  const pattern = PATTERNS.find((one) => one.name === name)!
  const isShown = leads.rows.length > 0
  return (
    <section className="patterns" aria-labelledby="patterns-title">
      <nav aria-label="Patterns">
        {PATTERNS.map(({ name: other, title }) => (
          <a key={other} href={hrefOf({ tab: 'patterns', name: other })} aria-current={other === name ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <div>
        <header className="view-header">
          <div>
            <h1 id="patterns-title">{pattern.title}</h1>
            <p className="soft">{pattern.tells}</p>
          </div>
        </header>
        <RowsTrouble state={leads} what="leads" />
        {leads.status === 'loading' && !isShown && <LoadingRows what="leads" shape="cards" />}
        {leads.status === 'ready' && !isShown && <Notice icon="people" title="No leads yet" />}
        {isShown && <div key={name}>{PAGES[name](leads.rows, appointments.rows)}</div>}
      </div>
    </section>
  )
}

const PAGES: Readonly<Record<PatternName, (leads: readonly LeadRow[], appointments: readonly AppointmentRow[]) => ReactNode>> = {
  campaign: (leads) => <CampaignPattern leads={leads} />,
  workflow: (leads, appointments) => <WorkflowPattern leads={leads} appointments={appointments} />,
  optimistic: (leads) => <OptimisticPattern leads={leads} />,
  together: (leads) => <TogetherPattern leads={leads} />,
  offline: () => <OfflinePattern />,
}
