import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { bindingId } from '../src/realtime-gateway/binding.js'
import { aChange } from './harness/FakeFeed.js'
import { openRaw, type RawSocket, refusedUpgrade } from './harness/rawSocket.js'
import { openRealtime, type RealtimeHarness } from './harness/realtime.js'
import { until } from './harness/until.js'

let harness: RealtimeHarness
let token: string

beforeEach(async () => {
  harness = await openRealtime()
  token = await harness.identity.issueToken({ user: 'ana' })
})

afterEach(() => harness.close())

const LEADS = { event: '*', schema: 'public', table: 'leads' }
const TOPIC = 'realtime:leads'

function join(
  ref: string,
  options: { topic?: string; bindings?: unknown[]; accessToken?: string; config?: Record<string, unknown> } = {},
): unknown[] {
  const { topic = TOPIC, bindings = [LEADS], accessToken = token, config } = options
  return [ref, ref, topic, 'phx_join', { config: { postgres_changes: bindings, ...config }, access_token: accessToken }]
}

async function joined(raw: RawSocket, ...args: Parameters<typeof join>): Promise<void> {
  raw.send(join(...args))
  await raw.next()
  await raw.next()
}

describe('an upgrade is refused before it happens', () => {
  it.each([
    ['no key', '?vsn=2.0.0', 401, 'API key is missing'],
    ['a wrong key', '?apikey=wrong&vsn=2.0.0', 401, 'The token provided is not a valid JWT'],
    ['an unknown serializer', '?apikey=demo-anon-key&vsn=3.0.0', 403, 'The requested transport version is not supported'],
  ])('with %s', async (_name, query, status, error) => {
    const url = `${harness.url.replace('http', 'ws')}/realtime/v1/websocket${query}`
    expect(await refusedUpgrade(url)).toEqual({ status, body: { error } })
  })

  it('with an expired and with a forged token for a key', async () => {
    const url = (key: string) => `${harness.url.replace('http', 'ws')}/realtime/v1/websocket?apikey=${key}`
    const expired = await harness.identity.issueExpiredToken({ user: 'ana' })
    expect(await refusedUpgrade(url(expired))).toEqual({ status: 401, body: { error: 'Token has expired' } })
    const forged = await harness.identity.issueForgedToken({ user: 'ana' })
    expect(await refusedUpgrade(url(forged))).toEqual({ status: 401, body: { error: 'Failed to validate JWT signature' } })
  })

  it('with 503 while the gateway is down, and served again afterwards', async () => {
    harness.gateway.setFaults({ down: true })
    const url = `${harness.url.replace('http', 'ws')}/realtime/v1/websocket?apikey=demo-anon-key`
    expect(await refusedUpgrade(url)).toEqual({ status: 503, body: { error: 'Error connecting to Realtime' } })
    harness.gateway.setFaults()
    const raw = await openRaw(harness.url)
    raw.close()
  })

  it('with 404 on a path that nobody serves', async () => {
    const { status } = await refusedUpgrade(`${harness.url.replace('http', 'ws')}/elsewhere`)
    expect(status).toBe(404)
  })
})

describe('the frames, word by word', () => {
  it('of a join, its system message, a change, a heartbeat and a leave', async () => {
    const raw = await openRaw(harness.url)
    raw.send(join('6'))
    const id = bindingId(LEADS)
    expect(await raw.next()).toEqual(['6', '6', TOPIC, 'phx_reply', { status: 'ok', response: { postgres_changes: [{ ...LEADS, id }] } }])
    expect(await raw.next()).toEqual([
      '6',
      null,
      TOPIC,
      'system',
      { extension: 'postgres_changes', status: 'ok', message: 'Subscribed to PostgreSQL', channel: 'leads' },
    ])
    const change = aChange({ committedAt: '2026-01-15T10:30:00.123Z' })
    harness.feed.publish(change)
    expect(await raw.next()).toEqual([
      null,
      null,
      TOPIC,
      'postgres_changes',
      {
        ids: [id],
        data: {
          schema: 'public',
          table: 'leads',
          type: 'UPDATE',
          commit_timestamp: '2026-01-15T10:30:00.123Z',
          columns: expect.arrayContaining([{ name: 'id', type: 'text' }]),
          record: change.new,
          old_record: { id: 'lead-123' },
          errors: null,
        },
      },
    ])
    raw.send([null, '7', 'phoenix', 'heartbeat', {}])
    expect(await raw.next()).toEqual([null, '7', 'phoenix', 'phx_reply', { status: 'ok', response: {} }])
    raw.send(['6', '9', TOPIC, 'phx_leave', {}])
    expect(await raw.next()).toEqual(['6', '9', TOPIC, 'phx_reply', { status: 'ok', response: {} }])
    expect(await raw.next()).toEqual(['6', '6', TOPIC, 'phx_close', {}])
    expect(harness.gateway.joined()).toEqual([])
    raw.close()
  })

  it('are objects in vsn 1.0.0', async () => {
    const raw = await openRaw(harness.url, { vsn: '1.0.0' })
    raw.send({ topic: 'phoenix', event: 'heartbeat', payload: {}, ref: '1', join_ref: null })
    expect(await raw.next()).toEqual({
      topic: 'phoenix',
      event: 'phx_reply',
      payload: { status: 'ok', response: {} },
      ref: '1',
      join_ref: null,
    })
    raw.close()
  })

  it('list the bindings of a join in the order asked, each with its own id', async () => {
    const raw = await openRaw(harness.url)
    const bindings = [
      { ...LEADS, event: 'INSERT' },
      { ...LEADS, filter: 'id=eq.lead-1' },
      { event: '*', schema: 'public', table: 'appointments' },
      LEADS,
    ]
    raw.send(join('1', { bindings }))
    expect(await raw.next()).toMatchObject([
      '1',
      '1',
      TOPIC,
      'phx_reply',
      { response: { postgres_changes: bindings.map((params) => ({ ...params, id: bindingId(params) })) } },
    ])
    raw.close()
  })

  it('name every binding that a change matches', async () => {
    const raw = await openRaw(harness.url)
    const bindings = [LEADS, { ...LEADS, event: 'UPDATE' }, { ...LEADS, event: 'INSERT' }]
    await joined(raw, '1', { bindings })
    harness.feed.publish(aChange())
    expect(await raw.next()).toMatchObject([
      null,
      null,
      TOPIC,
      'postgres_changes',
      { ids: [bindingId(LEADS), bindingId(bindings[1] ?? {})] },
    ])
    raw.close()
  })
})

describe('a join fails', () => {
  it.each([
    ['with an expired token', 'expired', 'InvalidJWTToken: Token has expired'],
    ['with a forged token', 'forged', 'JwtSignatureError: Failed to validate JWT signature'],
    ['with a token that is none', 'malformed', 'MalformedJWT: The token provided is not a valid JWT'],
    ['with a token without a role', 'roleless', 'InvalidJWTToken: Fields `role` and `exp` are required in JWT'],
  ])('%s: "Code: text"', async (_name, kind, reason) => {
    const { identity } = harness
    const tokens: Record<string, () => Promise<string>> = {
      expired: () => identity.issueExpiredToken({ user: 'ana' }),
      forged: () => identity.issueForgedToken({ user: 'ana' }),
      malformed: async () => 'not-a-token',
      roleless: () => identity.issueToken({ user: 'ana', claims: { role: undefined } }),
    }
    const raw = await openRaw(harness.url)
    raw.send(join('1', { accessToken: await tokens[kind]?.() }))
    expect(await raw.next()).toEqual(['1', '1', TOPIC, 'phx_reply', { status: 'error', response: { reason } }])
    expect(harness.gateway.joined()).toEqual([])
    raw.close()
  })

  it.each([
    ['without a topic name', { topic: 'realtime:' }, 'TopicNameRequired: You must provide a topic name'],
    ['on a topic that is none', { topic: 'room:1' }, 'unmatched topic'],
    [
      'on a private channel',
      { config: { private: true } },
      'Unauthorized: You do not have permissions to read from this Channel topic: leads',
    ],
  ])('%s', async (_name, options: NonNullable<Parameters<typeof join>[1]>, reason) => {
    const raw = await openRaw(harness.url)
    raw.send(join('1', options))
    expect(await raw.next()).toMatchObject(['1', '1', options.topic ?? TOPIC, 'phx_reply', { status: 'error', response: { reason } }])
    raw.close()
  })

  it('above 100 channels in one connection', async () => {
    const raw = await openRaw(harness.url)
    for (let index = 0; index <= 100; index += 1) raw.send(join(String(index), { topic: `realtime:room-${index}`, bindings: [] }))
    await until(() => raw.frames.length === 101)
    expect(raw.frames[99]).toMatchObject(['99', '99', 'realtime:room-99', 'phx_reply', { status: 'ok' }])
    expect(raw.frames[100]).toMatchObject([
      '100',
      '100',
      'realtime:room-100',
      'phx_reply',
      { status: 'error', response: { reason: 'ChannelRateLimitReached: Too many channels' } },
    ])
    raw.close()
  })
})

describe('a subscription fails after the join succeeded', () => {
  it.each([
    [
      { ...LEADS, table: 'secrets' },
      'Please check Realtime is enabled for the given connect parameters: [event: *, schema: public, table: secrets',
    ],
    [{ ...LEADS, filter: 'id=foo.1' }, 'Error parsing `filter` params: ["foo","1"]'],
  ])('%j: a system error, and no changes', async (binding, message) => {
    const raw = await openRaw(harness.url)
    raw.send(join('1', { bindings: [LEADS, binding] }))
    expect(await raw.next()).toMatchObject(['1', '1', TOPIC, 'phx_reply', { status: 'ok' }])
    expect(await raw.next()).toMatchObject([
      '1',
      null,
      TOPIC,
      'system',
      { extension: 'postgres_changes', status: 'error', message: expect.stringContaining(message) },
    ])
    harness.feed.publish(aChange())
    raw.send([null, '2', 'phoenix', 'heartbeat', {}])
    expect(await raw.next()).toMatchObject([null, '2', 'phoenix', 'phx_reply', {}])
    raw.close()
  })
})

describe('the order of things', () => {
  it('a second join of a topic closes the first', async () => {
    const raw = await openRaw(harness.url)
    await joined(raw, '1')
    raw.send(join('2'))
    expect(await raw.next()).toEqual(['1', '1', TOPIC, 'phx_close', {}])
    expect(await raw.next()).toMatchObject(['2', '2', TOPIC, 'phx_reply', { status: 'ok' }])
    expect(harness.gateway.joined()).toHaveLength(1)
    raw.close()
  })

  it('a message for the first join does not touch the second', async () => {
    const raw = await openRaw(harness.url)
    await joined(raw, '1')
    raw.send(join('2'))
    raw.send(['1', '3', TOPIC, 'phx_leave', {}])
    raw.send(['1', '4', TOPIC, 'access_token', { access_token: 'not-a-token' }])
    raw.send([null, '5', 'phoenix', 'heartbeat', {}])
    await until(() => raw.frames.some((frame) => Array.isArray(frame) && frame[1] === '5'))
    expect(harness.gateway.joined()).toHaveLength(1)
    raw.close()
  })

  it('a leave sent right behind its join waits for the join', async () => {
    const raw = await openRaw(harness.url)
    raw.send(join('1'))
    raw.send(['1', '2', TOPIC, 'phx_leave', {}])
    expect(await raw.next()).toMatchObject(['1', '1', TOPIC, 'phx_reply', { status: 'ok' }])
    expect(await raw.next()).toMatchObject(['1', '2', TOPIC, 'phx_reply', { status: 'ok' }])
    expect(await raw.next()).toMatchObject(['1', '1', TOPIC, 'phx_close', {}])
    raw.close()
  })

  it('a message to a topic nobody joined is answered with an error, a leave with ok', async () => {
    const raw = await openRaw(harness.url)
    raw.send(['1', '2', TOPIC, 'access_token', { access_token: token }])
    expect(await raw.next()).toEqual(['1', '2', TOPIC, 'phx_reply', { status: 'error', response: { reason: 'unmatched topic' } }])
    raw.send(['1', '3', TOPIC, 'phx_leave', {}])
    expect(await raw.next()).toEqual(['1', '3', TOPIC, 'phx_reply', { status: 'ok', response: {} }])
    raw.close()
  })
})

describe('a hostile client', () => {
  it.each(['//', '/\\', '*', '/realtime/v1/websocket//?apikey=demo-anon-key'])(
    'that asks for %j is refused, and the server lives',
    async (target) => {
      const { port } = new URL(harness.url)
      const socket = connect(Number(port), '127.0.0.1')
      socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
      const [answer] = await once(socket, 'data')
      expect(String(answer)).toMatch(/^HTTP\/1\.1 404 /)
      socket.destroy()
      const raw = await openRaw(harness.url)
      raw.close()
    },
  )

  it.each(['no json', '{}', '[1]', 'null'])('that sends %j is closed, and nobody else', async (text) => {
    const neighbour = await openRaw(harness.url)
    const raw = await openRaw(harness.url)
    raw.send(text)
    await until(() => raw.closeCode !== null)
    expect(raw.closeCode).toBe(1011)
    expect(harness.gateway.connectionCount()).toBe(1)
    neighbour.close()
  })

  it.each([Buffer.alloc(0), Buffer.from([3, 255, 255, 255, 255, 255, 1]), Buffer.from([9, 0, 0, 0, 0, 0, 0])])(
    'that sends bytes %j is closed',
    async (bytes) => {
      const raw = await openRaw(harness.url)
      raw.sendBytes(bytes)
      await until(() => raw.closeCode !== null)
      expect(raw.closeCode).toBe(1011)
    },
  )

  it('that joins with nonsense gets a channel that hears nothing', async () => {
    const raw = await openRaw(harness.url)
    raw.send(['1', '1', TOPIC, 'phx_join', { config: { postgres_changes: [null, 'x'], broadcast: 7, private: 'no' }, access_token: 5 }])
    expect(await raw.next()).toEqual(['1', '1', TOPIC, 'phx_reply', { status: 'ok', response: { postgres_changes: [] } }])
    raw.close()
  })

  it('that goes away during its join leaves nothing behind', async () => {
    const raw = await openRaw(harness.url)
    raw.send(join('1'))
    raw.close()
    await until(() => harness.gateway.connectionCount() === 0)
    expect(harness.gateway.joined()).toEqual([])
  })
})
