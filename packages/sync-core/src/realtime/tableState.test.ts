import { describe, expect, test } from '@jest/globals'
import { INITIAL_FACTS, needsPolling, nextFacts, stateOf, type TableFacts, type TableSignal } from './tableState.js'

const feed = (status: TableFacts['feed']): TableSignal => ({ type: 'feed', feed: status })
const caughtUp = (sinceFlowing: boolean, horizonLagMs = 0, isOutdated = false): TableSignal => ({
  type: 'caught-up',
  sinceFlowing,
  horizonLagMs,
  isOutdated,
})
const LIVE = [feed('connecting'), feed('joined'), feed('flowing'), caughtUp(true)]
const after = (...signals: TableSignal[]) => signals.reduce(nextFacts, INITIAL_FACTS)
const states = (...signals: TableSignal[]) => signals.map((_, index) => stateOf(after(...signals.slice(0, index + 1))))

describe('the state of a table', () => {
  test.each<[string, TableSignal[], string[]]>([
    ['starts', LIVE, ['connecting', 'connecting', 'syncing', 'live'].with(1, 'syncing')],
    [
      'is not live by a catch-up that began before changes flowed',
      [feed('joined'), feed('flowing'), caughtUp(false)],
      ['syncing', 'syncing', 'syncing'],
    ],
    ['is not live by a catch-up while nothing flows', [feed('joined'), caughtUp(true)], ['syncing', 'syncing']],
    [
      'goes stale when the feed is lost, and syncs anew',
      [...LIVE, feed('lost'), feed('joined'), feed('flowing')],
      ['connecting', 'syncing', 'syncing', 'live', 'stale', 'syncing', 'syncing'],
    ],
    [
      'stays live when the server says again that changes flow',
      [...LIVE, feed('flowing')],
      ['connecting', 'syncing', 'syncing', 'live', 'live'],
    ],
    [
      'is stale rather than connecting once it was live',
      [...LIVE, feed('connecting')],
      ['connecting', 'syncing', 'syncing', 'live', 'stale'],
    ],
    ['is stale while silent, if rows are known', [feed('joined'), caughtUp(false), { type: 'silence' }], ['syncing', 'syncing', 'stale']],
    ['lags', [...LIVE, caughtUp(true, 10_001), caughtUp(true, 10_000)], ['connecting', 'syncing', 'syncing', 'live', 'stale', 'live']],
    [
      'is stale while rows may have missed what nothing can bring',
      [...LIVE, caughtUp(true, 0, true), feed('flowing'), caughtUp(true)],
      ['connecting', 'syncing', 'syncing', 'live', 'stale', 'stale', 'live'],
    ],
    [
      'is offline by the platform’s word',
      [...LIVE, { type: 'online', online: false }, { type: 'online', online: true }],
      ['connecting', 'syncing', 'syncing', 'live', 'offline', 'live'],
    ],
    [
      'is offline when nothing answers and nothing flows',
      [feed('polling'), caughtUp(true), { type: 'catch-up-failed', reason: 'network' }, caughtUp(true)],
      ['syncing', 'live', 'offline', 'live'],
    ],
    [
      'is stale when nothing answers but changes flow',
      [...LIVE, { type: 'catch-up-failed', reason: 'network' }],
      ['connecting', 'syncing', 'syncing', 'live', 'stale'],
    ],
    [
      'is denied, also offline',
      [...LIVE, { type: 'catch-up-failed', reason: 'denied' }, { type: 'online', online: false }],
      ['connecting', 'syncing', 'syncing', 'live', 'denied', 'denied'],
    ],
    ['is idle when left', [...LIVE, feed('none')], ['connecting', 'syncing', 'syncing', 'live', 'idle']],
    [
      'needs a catch-up after a refetch',
      [...LIVE, { type: 'refetch' }, caughtUp(true)],
      ['connecting', 'syncing', 'syncing', 'live', 'syncing', 'live'],
    ],
  ])('%s', (_name, signals, expected) => {
    expect(states(...signals)).toEqual(expected)
  })
})

test('asks at the poll’s pace where nothing is pushed, and where the log lags', () => {
  expect([feed('polling'), feed('lost')].map((signal) => needsPolling(after(signal)))).toEqual([true, true])
  expect(needsPolling(after(feed('joined'), { type: 'silence' }))).toBe(true)
  expect(needsPolling(after(...LIVE, caughtUp(true, 20_000)))).toBe(true)
  expect(needsPolling(after(feed('joined'), { type: 'silence' }, feed('flowing'), caughtUp(true)))).toBe(false)
  expect(needsPolling(INITIAL_FACTS)).toBe(false)
})
