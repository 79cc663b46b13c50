import { OfflineIndicator } from '@org/critical-buttons'
import type { ReactNode } from 'react'
import { Icon } from '../icons/Icon.js'
import { hrefOf, type Route } from '../routing/hashRoute.js'
import { PATTERNS } from '../routing/patterns.js'
import { Toasts } from '../toasts/Toasts.js'
import { RealtimeBadge } from './RealtimeBadge.js'
import './header.css'

/** Brand, tabs and the demo's own controls; below them, over the page's free edge, what there is to say about all of it. */
export function Header({ route, account, faults }: { route: Route; account: ReactNode; faults: ReactNode }) {
  return (
    <header className="app-header">
      <div className="app-header-inner">
        <p className="brand">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          <span>Front desk</span>
        </p>
        <nav aria-label="Views">
          <a href={hrefOf({ tab: 'appointments' })} aria-current={route.tab === 'appointments' ? 'page' : undefined}>
            <Icon name="calendar" />
            Appointments
          </a>
          <a href={hrefOf({ tab: 'leads', leadId: null })} aria-current={route.tab === 'leads' ? 'page' : undefined}>
            <Icon name="people" />
            Leads
          </a>
          <a href={hrefOf({ tab: 'patterns', name: PATTERNS[0].name })} aria-current={route.tab === 'patterns' ? 'page' : undefined}>
            <Icon name="layers" />
            Patterns
          </a>
          <a href={hrefOf({ tab: 'sync' })} aria-current={route.tab === 'sync' ? 'page' : undefined}>
            <Icon name="loop" />
            Sync
          </a>
        </nav>
        <div className="app-controls">
          <RealtimeBadge />
          {faults}
          {account}
        </div>
      </div>
      <div className="app-news">
        <OfflineIndicator className="offline-strip" attentionHref={hrefOf({ tab: 'sync' })} />
        <Toasts />
      </div>
    </header>
  )
}
