import type { Route } from '../routing/hashRoute.js'

const PLACES = { appointments: 'Appointments', leads: 'Leads', sync: 'Sync' }

/** What the browser calls a view in its tabs and its history: the open lead first, then the view. Pure. */
export function documentTitle(route: Route, leads: readonly { id: string; name: string }[]): string {
  const open = route.tab === 'leads' ? leads.find(({ id }) => id === route.leadId) : undefined
  return [...(open ? [open.name] : []), PLACES[route.tab], 'Front desk'].join(' · ')
}
