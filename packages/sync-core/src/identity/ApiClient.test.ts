import { expect, test } from '@jest/globals'
import type { Transport } from '../ports/Transport.js'
import { FakeBrowser } from '../testing/FakeBrowser.js'
import { fakeClock } from '../testing/fakeClock.js'
import { ApiClient, type GetAccessToken } from './ApiClient.js'

const tab = new FakeBrowser().openTab()

function aClient(getAccessToken: GetAccessToken | undefined, status: (token: string | undefined) => number) {
  const seen: (string | undefined)[] = []
  const clock = fakeClock()
  const transport: Transport = {
    send: async ({ headers }) => {
      seen.push(headers.Authorization)
      return { kind: 'answer', status: status(headers.Authorization), header: () => null, json: {} }
    },
  }
  return { api: new ApiClient({ transport, locks: tab.locks, clock, getAccessToken }), seen, clock }
}

test('asks for the token at each request and never keeps one', async () => {
  let count = 0
  const { api, seen } = aClient(
    () => `t${++count}`,
    () => 200,
  )
  await api.request({ method: 'GET', path: '/a' })
  await api.request({ method: 'GET', path: '/b' })
  expect(seen).toEqual(['Bearer t1', 'Bearer t2'])
})

test('a refused token is refreshed once and the request repeated', async () => {
  let token = 'old'
  const getAccessToken: GetAccessToken = ({ forceRefresh }) => {
    if (forceRefresh) token = 'new'
    return token
  }
  const { api, seen } = aClient(getAccessToken, (authorization) => (authorization === 'Bearer new' ? 200 : 401))
  expect(await api.request({ method: 'GET', path: '/a' })).toMatchObject({ status: 200 })
  expect(seen).toEqual(['Bearer old', 'Bearer new'])
})

test('a token that another tab has refreshed meanwhile is used without asking for one more', async () => {
  let token = 'old'
  const forced: boolean[] = []
  const { api, seen } = aClient(
    ({ forceRefresh }) => {
      forced.push(forceRefresh)
      return token
    },
    (authorization) => {
      token = 'of another tab'
      return authorization === 'Bearer old' ? 401 : 200
    },
  )
  expect(await api.request({ method: 'GET', path: '/a' })).toMatchObject({ status: 200 })
  expect(seen).toEqual(['Bearer old', 'Bearer of another tab'])
  expect(forced).not.toContain(true)
})

test('a token that cannot be had says nothing about who is signed in, and nothing is sent without it', async () => {
  const { api, seen } = aClient(
    () => Promise.reject(new Error('auth server down')),
    () => 200,
  )
  expect(await api.authorize()).toEqual({ kind: 'unsure', reason: 'token-unavailable', detail: 'Error: auth server down' })
  expect(await api.request({ method: 'GET', path: '/a' })).toEqual({ kind: 'failure', reason: 'network' })
  expect(seen).toEqual([])
  expect(
    await aClient(
      () => null,
      () => 200,
    ).api.authorize(),
  ).toEqual({ kind: 'unsure', reason: 'token-refused' })
  expect(await aClient(undefined, () => 200).api.authorize()).toEqual({ kind: 'given', headers: {} })
})

test('a token that does not come within 20 s cannot be had, so that every request ends', async () => {
  const { api, clock } = aClient(
    () => new Promise(() => {}),
    () => 401,
  )
  const asked = api.request({ method: 'GET', path: '/a' })
  await clock.advance(40_000)
  expect(await asked).toEqual({ kind: 'failure', reason: 'network' })
})

test('an empty token is none', async () => {
  const { api } = aClient(
    () => '',
    () => 200,
  )
  expect(await api.authorize()).toEqual({ kind: 'unsure', reason: 'token-refused' })
})

test.each<[string, unknown]>([
  ['an object', { access_token: 'abc' }],
  ['a token with the end of a line', 'abc\n'],
  ['a token with letters that no header holds', 'абв'],
  ['true', true],
])('%s is no token: nothing is sent with it, and whoever builds the page reads why', async (_, token) => {
  const { api, seen } = aClient(
    () => token as string,
    () => 200,
  )
  const detail = 'TypeError: It gave no text that a header can hold.'
  expect(await api.authorize()).toEqual({ kind: 'unsure', reason: 'token-unavailable', detail })
  expect(await api.request({ method: 'GET', path: '/a' })).toEqual({ kind: 'failure', reason: 'network' })
  expect(seen).toEqual([])
})
