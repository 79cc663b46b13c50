import { describe, expect, test } from '@jest/globals'
import { INITIAL_FACTS, needsPolling, nextFacts, stateOf, type TableFacts, type TableSignal } from './tableState.js'

const feed = (status: TableFacts['feed']): TableSignal => ({ type: 'feed', feed: status })
const caughtUp = (sinceFlowing: boolean, horizonLagMs = 0, isOutdated = false): TableSignal => ({
  type: 'caught-up',
  sinceFlowing,
  horizonLagMs,
  isOutdated,
})
const LIVE = [feed('connecting'), feed('flowing'), caughtUp(true)]
const after = (...signals: TableSignal[]) => signals.reduce(nextFacts, INITIAL_FACTS)
const states = (...signals: TableSignal[]) => signals.map((_, index) => stateOf(after(...signals.slice(0, index + 1))))

describe('the state of a table', () => {
  test.each<[string, TableSignal[], string[]]>([
    ['starts', LIVE, ['connecting', 'syncing', 'live']],
    ['is not live by a catch-up that began before changes flowed', [feed('flowing'), caughtUp(false)], ['syncing', 'syncing']],
    ['is not live by a catch-up while nothing flows', [feed('connecting'), caughtUp(true)], ['connecting', 'connecting']],
    [
      'goes stale when the feed is lost, and syncs anew',
      [...LIVE, feed('lost'), feed('flowing')],
      ['connecting', 'syncing', 'live', 'stale', 'syncing'],
    ],
    ['stays live when the server says again that changes flow', [...LIVE, feed('flowing')], ['connecting', 'syncing', 'live', 'live']],
    ['is stale rather than connecting once it was live', [...LIVE, feed('connecting')], ['connecting', 'syncing', 'live', 'stale']],
    [
      'is stale when it cannot be joined, if rows are known',
      [feed('connecting'), caughtUp(false), feed('lost')],
      ['connecting', 'connecting', 'stale'],
    ],
    ['lags', [...LIVE, caughtUp(true, 10_001), caughtUp(true, 10_000)], ['connecting', 'syncing', 'live', 'stale', 'live']],
    [
      'is stale while rows may have missed what nothing can bring',
      [...LIVE, caughtUp(true, 0, true), feed('flowing'), caughtUp(true)],
      ['connecting', 'syncing', 'live', 'stale', 'stale', 'live'],
    ],
    [
      'is offline by the platform’s word',
      [...LIVE, { type: 'online', online: false }, { type: 'online', online: true }],
      ['connecting', 'syncing', 'live', 'offline', 'live'],
    ],
    [
      'is offline when nothing answers and nothing flows',
      [feed('polling'), caughtUp(true), { type: 'catch-up-failed', reason: 'network' }, caughtUp(true)],
      ['syncing', 'live', 'offline', 'live'],
    ],
    [
      'is stale when nothing answers but changes flow',
      [...LIVE, { type: 'catch-up-failed', reason: 'network' }],
      ['connecting', 'syncing', 'live', 'stale'],
    ],
    [
      'is denied, also offline',
      [...LIVE, { type: 'catch-up-failed', reason: 'denied' }, { type: 'online', online: false }],
      ['connecting', 'syncing', 'live', 'denied', 'denied'],
    ],
    ['is idle when left', [...LIVE, feed('none')], ['connecting', 'syncing', 'live', 'idle']],
    [
      'needs a catch-up after a refetch',
      [...LIVE, { type: 'refetch' }, caughtUp(true)],
      ['connecting', 'syncing', 'live', 'syncing', 'live'],
    ],
  ])('%s', (_name, signals, expected) => {
    expect(states(...signals)).toEqual(expected)
  })
})

test('asks at the poll’s pace where nothing is pushed, and where the log lags', () => {
  const statuses = ['connecting', 'polling', 'lost', 'flowing', 'none'] as const
  expect(statuses.map((status) => needsPolling(after(feed(status))))).toEqual([true, true, true, false, false])
  expect(needsPolling(after(...LIVE))).toBe(false)
  expect(needsPolling(after(...LIVE, caughtUp(true, 20_000)))).toBe(true)
})
