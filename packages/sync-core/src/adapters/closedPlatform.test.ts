import { afterEach, expect, test } from '@jest/globals'
import { ApiClient } from '../identity/ApiClient.js'
import { fakeClock } from '../testing/index.js'
import { openBroadcastChannel } from './broadcastChannel.js'
import { createWebLocks } from './webLocks.js'

/*
 * A page in a sandboxed frame, or one whose storage is blocked: the platform's parts are there, and each refuses.
 */

const refuse = () => {
  throw new DOMException('Access is denied in this context.', 'SecurityError')
}
const refusing = { request: async () => refuse(), query: async () => refuse() } as unknown as LockManager
const { BroadcastChannel: own } = globalThis
afterEach(() => {
  globalThis.BroadcastChannel = own
})

test('a channel that cannot be opened is as none: the tab is alone', () => {
  globalThis.BroadcastChannel = class {
    constructor() {
      refuse()
    }
  } as unknown as typeof BroadcastChannel
  const channel = openBroadcastChannel('sync-core:x')
  channel.post({ type: 'hello' })
  channel.subscribe(() => undefined)
  channel.close()
})

test('locks that are refused are as none, from the first refusal on', async () => {
  const locks = createWebLocks(refusing)
  expect(locks.available).toBe(true)
  await expect(locks.request('x', {}, async () => 1)).rejects.toThrow('denied')
  expect(locks.available).toBe(false)
})

test('a wait that is given up, and a lock that is stolen, are no refusal', async () => {
  const aborting = { request: async () => Promise.reject(new DOMException('Stolen.', 'AbortError')) } as unknown as LockManager
  const locks = createWebLocks(aborting)
  await expect(locks.request('x', {}, async () => 1)).rejects.toThrow('Stolen')
  expect(locks.available).toBe(true)
})

test('a token is renewed without the lock that keeps tabs from renewing it at once', async () => {
  const { available, request } = createWebLocks(refusing)
  const sent: (string | undefined)[] = []
  const api = new ApiClient({
    clock: fakeClock(),
    locks: { available, request },
    getAccessToken: ({ forceRefresh }) => (forceRefresh ? 'new' : 'old'),
    transport: {
      send: async ({ headers }) => {
        sent.push(headers.Authorization)
        return { kind: 'answer', status: headers.Authorization === 'Bearer new' ? 200 : 401, header: () => null, json: {} }
      },
    },
  })
  expect(await api.request({ method: 'GET', path: '/api/leads' })).toMatchObject({ status: 200 })
  expect(sent).toEqual(['Bearer old', 'Bearer new'])
})
