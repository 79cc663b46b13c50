import type { FeedStatus } from '../ports/ChangeSource.js'
import type { TableState } from './RealtimeSyncService.js'

/** Why a catch-up failed. */
export type CatchUpFailure = 'network' | 'denied' | 'signed-out' | 'server' | 'malformed'

/** All that a table's state is made from. */
export interface TableFacts {
  /** `none`: nobody is subscribed. */
  readonly feed: 'none' | FeedStatus
  readonly online: boolean
  /** True when rows and change log were read to their end at least once. */
  readonly synced: boolean
  /** True when it was live once. */
  readonly wasLive: boolean
  /** True when that was done by a catch-up which began after changes flowed. Nothing is missing then. */
  readonly gapless: boolean
  readonly lagging: boolean
  /** True when rows may have missed changes that nothing can bring any more. */
  readonly isOutdated: boolean
  readonly failure: CatchUpFailure | null
}

export type TableSignal =
  | { type: 'feed'; feed: 'none' | FeedStatus }
  | { type: 'online'; online: boolean }
  /** `sinceFlowing`: it began after changes flowed. */
  | { type: 'caught-up'; sinceFlowing: boolean; horizonLagMs: number; isOutdated: boolean }
  | { type: 'catch-up-failed'; reason: CatchUpFailure }
  /** Base rows have to be read again. */
  | { type: 'refetch' }

/** Above this the change log may hide too much to be called live. Milliseconds. */
export const MAX_HORIZON_LAG_MS = 10_000

export const INITIAL_FACTS: TableFacts = {
  feed: 'none',
  online: true,
  synced: false,
  wasLive: false,
  gapless: false,
  lagging: false,
  isOutdated: false,
  failure: null,
}

/** What the facts are after a signal. Pure. */
export function nextFacts(facts: TableFacts, signal: TableSignal): TableFacts {
  switch (signal.type) {
    case 'feed':
      return afterFeed(facts, signal.feed)
    case 'online':
      return { ...facts, online: signal.online }
    case 'caught-up':
      return afterCatchUp(facts, signal)
    case 'catch-up-failed':
      return { ...facts, failure: signal.reason }
    case 'refetch':
      return { ...facts, synced: false, gapless: false }
  }
}

function afterCatchUp(facts: TableFacts, signal: Extract<TableSignal, { type: 'caught-up' }>): TableFacts {
  const { sinceFlowing, horizonLagMs, isOutdated } = signal
  // A later answer of an earlier catch-up takes nothing back.
  const gapless = isDelivering(facts.feed) && (facts.gapless || sinceFlowing)
  const lagging = horizonLagMs > MAX_HORIZON_LAG_MS
  return { ...facts, synced: true, gapless, lagging, isOutdated, wasLive: facts.wasLive || (gapless && !lagging), failure: null }
}

function afterFeed(facts: TableFacts, feed: TableFacts['feed']): TableFacts {
  if (feed === 'none') return { ...INITIAL_FACTS, online: facts.online }
  // Whatever happened while nothing flowed is unknown until the next catch-up, also after a silent rejoin.
  const stillFlowing = isDelivering(feed) && facts.feed === feed
  return { ...facts, feed, gapless: facts.gapless && stillFlowing }
}

/** True when changes reach us without asking, or asking is all there is. */
export function isDelivering(feed: TableFacts['feed']): boolean {
  return feed === 'flowing' || feed === 'polling'
}

/** The one word users see. Pure. */
export function stateOf(facts: TableFacts): TableState {
  if (facts.feed === 'none') return 'idle'
  if (facts.failure === 'denied') return 'denied'
  if (!facts.online) return 'offline'
  if (facts.failure === 'network' && facts.feed !== 'flowing') return 'offline'
  if (facts.failure !== null) return 'stale'
  if (isDelivering(facts.feed)) return facts.gapless ? (facts.lagging || facts.isOutdated ? 'stale' : 'live') : 'syncing'
  return facts.wasLive || (facts.synced && facts.feed === 'lost') ? 'stale' : 'connecting'
}

/** True when changes have to be asked for at the poll's pace. */
export function needsPolling(facts: TableFacts): boolean {
  return (facts.feed !== 'none' && facts.feed !== 'flowing') || facts.lagging
}
