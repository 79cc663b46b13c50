import { expect, it, jest } from '@jest/globals'
import type { ChangeFeed } from '@org/api'
import { gatewayFeeds } from './gatewayFeeds.js'

const change = {
  table: 'leads',
  eventType: 'DELETE',
  version: 2,
  new: null,
  old: { id: 'lead-1' },
  origin: { actor: null, mutationKey: null },
} as const

function aFeed() {
  const listeners: Parameters<ChangeFeed['subscribe']>[] = []
  const feed: ChangeFeed = {
    subscribe: (...listener) => {
      listeners.push(listener)
      return () => undefined
    },
    start: async () => undefined,
    close: async () => undefined,
  }
  return {
    feed,
    tell: (count: number) => listeners[0]?.[0](Array(count).fill({ tenant: 'org-1', change })),
    leap: () => listeners[0]?.[1]?.onGap?.(),
  }
}

it('hands on each change with its organisation, and that there is a gap', () => {
  const { feed, tell, leap } = aFeed()
  const [onGap, listener] = [jest.fn(), jest.fn()]
  gatewayFeeds(feed, onGap).feed.subscribe(listener)
  tell(2)
  leap()
  expect(listener.mock.calls).toEqual([[{ ...change, tenant: 'org-1' }], [{ ...change, tenant: 'org-1' }]])
  expect(onGap).toHaveBeenCalledTimes(1)
})

it('hands on what was committed together as one, and that there is a gap', () => {
  const { feed, tell, leap } = aFeed()
  const [onGap, listener] = [jest.fn(), jest.fn()]
  gatewayFeeds(feed, () => undefined).batches.subscribe(listener, onGap)
  tell(2)
  leap()
  expect(listener.mock.calls).toEqual([[Array(2).fill({ ...change, tenant: 'org-1' })]])
  expect(onGap).toHaveBeenCalledTimes(1)
})
