import { expect, test } from '@jest/globals'
import type { Transport } from '../ports/Transport.js'
import { FakeBrowser } from '../testing/FakeBrowser.js'
import { fakeClock } from '../testing/fakeClock.js'
import { ApiClient, type GetAccessToken } from './ApiClient.js'
import type { AttemptNews } from './IdentityEvent.js'
import { type IdentityState, present } from './IdentityState.js'
import { UserSession } from './UserSession.js'
import type { WhoIsHere } from './WhoIsHere.js'

const ana = { actor: 'ana', tenant: 'org-1' }
const ben = { actor: 'ben', tenant: 'org-1' }

function aSession(getAccessToken: GetAccessToken, status = 401) {
  const sent: (string | undefined)[] = []
  const news: AttemptNews[] = []
  const transport: Transport = {
    send: async ({ headers }) => {
      sent.push(headers.Authorization)
      return { kind: 'answer', status, header: () => null, json: {} }
    },
  }
  const tab = new FakeBrowser().openTab()
  const here = {
    state: present('confirmed', ana, { stamp: 0 }) as IdentityState,
    api: new ApiClient({ transport, locks: tab.locks, clock: fakeClock(), getAccessToken }),
    attempted: (_stamp: number, what: AttemptNews) => void news.push(what),
  }
  const session = new UserSession(ana, here as unknown as WhoIsHere)
  return { session, here, sent, news }
}

const request = { method: 'POST', path: '/a' } as const

test('what is asked for under one user is never sent with the token of whoever came while it was renewed', async () => {
  let token = 'ana'
  const { session, here, sent } = aSession(({ forceRefresh }) => {
    if (forceRefresh) {
      token = 'ben'
      here.state = present('confirmed', ben, { stamp: 1 })
    }
    return token
  })
  expect(await session.request(request)).toMatchObject({ status: 401 })
  expect(sent).toEqual(['Bearer ana'])
})

test('nor with one that came after somebody else did, nor once that is so', async () => {
  const { session, here, sent } = aSession(async () => {
    here.state = present('confirmed', ben, { stamp: 1 })
    return 'ben'
  })
  expect(await session.authorize()).toBeUndefined()
  expect(session.maySend()).toBe('no')
  expect(await session.request(request)).toEqual({ kind: 'failure', reason: 'network' })
  expect(sent).toEqual([])
})

test('a token that is missing, or cannot be had, is told and nothing is sent', async () => {
  const none = aSession(() => null)
  const down = aSession(() => Promise.reject(new Error('down')))
  for (const { session, sent } of [none, down]) {
    expect(await session.request(request)).toEqual({ kind: 'failure', reason: 'network' })
    expect(sent).toEqual([])
  }
  expect([none.news, down.news]).toEqual([['token-refused'], ['token-unavailable']])
})
