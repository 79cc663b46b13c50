import { expect, it, jest } from '@jest/globals'
import type { ChangeFeed } from '@org/api'
import { gatewayFeed } from './gatewayFeed.js'

it('hands on each change with its organisation, and that there is a gap', () => {
  let heard: Parameters<ChangeFeed['subscribe']> | undefined
  const feed: ChangeFeed = {
    subscribe: (...listener) => {
      heard = listener
      return () => undefined
    },
    start: async () => undefined,
    close: async () => undefined,
  }
  const [onGap, listener] = [jest.fn(), jest.fn()]
  gatewayFeed(feed, onGap).subscribe(listener)
  const change = {
    table: 'leads',
    eventType: 'DELETE',
    version: 2,
    new: null,
    old: { id: 'lead-1' },
    origin: { actor: null, mutationKey: null },
  } as const
  heard?.[0]([{ tenant: 'org-1', change }])
  heard?.[1]?.onGap?.()
  expect(listener).toHaveBeenCalledWith({ ...change, tenant: 'org-1' })
  expect(onGap).toHaveBeenCalledTimes(1)
})
