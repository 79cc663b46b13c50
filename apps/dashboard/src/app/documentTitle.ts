import type { Route } from '../routing/hashRoute.js'
import { PATTERNS } from '../routing/patterns.js'

const PLACES = { appointments: 'Appointments', leads: 'Leads', patterns: 'Patterns', sync: 'Sync' }

/** What the browser calls a view in its tabs and its history: what is open first, then the view. Pure. */
export function documentTitle(route: Route, leads: readonly { id: string; name: string }[]): string {
  return [...openIn(route, leads), PLACES[route.tab], 'Front desk'].join(' · ')
}

function openIn(route: Route, leads: readonly { id: string; name: string }[]): string[] {
  if (route.tab === 'patterns') return PATTERNS.filter(({ name }) => name === route.name).map(({ title }) => title)
  const open = route.tab === 'leads' ? leads.find(({ id }) => id === route.leadId) : undefined
  return open ? [open.name] : []
}
