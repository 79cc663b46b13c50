import { useMemo, useSyncExternalStore } from 'react'
import { isPatternName, PATTERNS, type PatternName } from './patterns.js'

/** What the address after "#" asks for; a link to it opens the same view. */
export type Route =
  | { tab: 'appointments' }
  | { tab: 'leads'; leadId: string | null }
  | { tab: 'patterns'; name: PatternName }
  | { tab: 'sync' }

/** Reads "#appointments", "#leads", "#leads/<id>", "#patterns", "#patterns/<name>" or "#sync"; anything else is the appointments. Pure. */
export function parseRoute(hash: string): Route {
  const [tab, ...rest] = hash.replace(/^#\/?/, '').split('/')
  if (tab === 'sync') return { tab }
  if (tab === 'patterns') return { tab, name: isPatternName(rest[0]) ? rest[0] : PATTERNS[0].name }
  if (tab !== 'leads') return { tab: 'appointments' }
  return { tab: 'leads', leadId: decodeId(rest.join('/')) }
}

/** The address of a view. */
export function hrefOf(route: Route): string {
  if (route.tab === 'patterns') return `#patterns/${route.name}`
  if (route.tab !== 'leads') return `#${route.tab}`
  return route.leadId === null ? '#leads' : `#leads/${encodeURIComponent(route.leadId)}`
}

// A hand-typed "%" must not break the page.
function decodeId(text: string): string | null {
  try {
    return decodeURIComponent(text) || null
  } catch {
    return null
  }
}

function subscribe(listener: () => void) {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash)
  return useMemo(() => parseRoute(hash), [hash])
}
