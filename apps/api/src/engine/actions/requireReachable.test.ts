import { expect, it } from '@jest/globals'
import { defineAction } from '@org/contracts'
import * as z from 'zod/mini'
import { type ActionRoute, type ActionRouteOptions, actionRoute } from './ActionRoute.js'
import { requireReachable } from './requireReachable.js'

function route(name: string, path: `/${string}`, options: ActionRouteOptions<object> = {}): ActionRoute {
  const action = defineAction({
    name,
    path,
    requestSchema: z.strictObject({}),
    responseSchema: z.looseObject({}),
    lanes: () => [],
    overlays: () => [],
    rows: () => [],
    ttlMs: 60_000,
    keyRequired: true,
  })
  return actionRoute(action, () => Promise.reject(new Error('not run')), options)
}

it.each([
  ['the same path', [route('deal.approve', '/deals/decide'), route('deal.decline', '/deals/decide')]],
  ['it in capitals and with a slash', [route('deal.approve', '/deals/decide'), route('deal.decline', '/Deals/decide/')]],
  [
    'another word for a parameter',
    [route('deal.approve', '/deals/:id/decide'), route('deal.decline', '/deals/:dealId/decide', { takes: () => true })],
  ],
  ['one of its other paths', [route('deal.approve', '/a', { otherPaths: ['/b'] }), route('deal.decline', '/b')]],
])('refuses an action that another one stands before: %s', (_what, routes) => {
  expect(() => requireReachable(routes)).toThrow(/^The action deal\.decline would never be reached: POST .* is taken by deal\.approve\./)
})

it('refuses two of one name', () => {
  expect(() => requireReachable([route('deal.approve', '/a'), route('deal.approve', '/b')])).toThrow('Two actions are named deal.approve')
})

it('takes those whose bodies are told apart, and those beside each other', () => {
  requireReachable([route('deal.bulk', '/deals', { takes: Array.isArray }), route('deal.one', '/deals'), route('deal.other', '/deals/:id')])
})
