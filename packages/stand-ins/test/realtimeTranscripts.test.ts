import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { decodeBroadcastPush, encodeBroadcast } from '../src/realtime-gateway/binaryBroadcast.js'
import { openRaw, type RawSocket } from './harness/rawSocket.js'
import { openRealtime, type RealtimeHarness } from './harness/realtime.js'

// What the real server is held to by its own public tests (supabase/realtime 2.129): the bytes of
// test/realtime_web/socket/v2_serializer_test.exs, the messages of test/integration/rt_channel/*_test.exs.

describe('the binary frames of the real serializer', () => {
  const body = Buffer.from('{"a":"b"}')
  const bytes = Buffer.from([101, 102, 103])

  it.each([
    ['JSON', true, body],
    ['bytes', false, bytes],
  ])('of a broadcast of %s', (_name, isJson, payload) => {
    expect(encodeBroadcast({ topic: 'topic', event: 'user_event', isJson, body: payload })).toEqual(
      Buffer.concat([Buffer.from([4, 5, 10, 0, isJson ? 1 : 0]), Buffer.from('topicuser_event'), payload]),
    )
  })

  it('of a broadcast with metadata', () => {
    const metadata = '{"id":"0f0e0d0c-0000-4000-8000-000000000001"}'
    expect(
      encodeBroadcast({ topic: 'topic', event: 'user_event', isJson: true, body, id: '0f0e0d0c-0000-4000-8000-000000000001' }),
    ).toEqual(Buffer.concat([Buffer.from([4, 5, 10, metadata.length, 1]), Buffer.from(`topicuser_event${metadata}`), body]))
  })

  it.each([
    ['JSON', 1, '', body],
    ['bytes', 0, '', bytes],
    ['bytes with metadata', 0, '{"store":true}', bytes],
  ])('of a push of %s', (_name, encoding, metadata, payload) => {
    const head = Buffer.from([3, 2, 3, 5, 10, metadata.length, encoding])
    expect(decodeBroadcastPush(Buffer.concat([head, Buffer.from(`12123topicuser_event${metadata}`), payload]))).toEqual({
      joinRef: '12',
      ref: '123',
      topic: 'topic',
      event: 'user_event',
      isJson: encoding === 1,
      body: payload,
    })
  })
})

describe.each(['1.0.0', '2.0.0'] as const)('the messages of the real server, in version %s', (vsn) => {
  const LEADS = 'sync:leads:org-1'
  const TOPIC = `realtime:${LEADS}`
  const NO = `You do not have permissions to read from this Channel topic: ${LEADS}`
  let harness: RealtimeHarness
  let raw: RawSocket

  beforeEach(async () => {
    harness = await openRealtime()
    raw = await openRaw(harness.url, { vsn })
  })
  afterEach(async () => {
    raw.close()
    await harness.close()
  })

  const asSent = (joinRef: string | null, ref: string | null, event: string, payload: object) =>
    vsn === '1.0.0' ? { topic: TOPIC, event, payload, ref, join_ref: joinRef } : [joinRef, ref, TOPIC, event, payload]
  const send = (ref: string, event: string, payload: object) => raw.send(asSent('1', ref, event, payload))
  const join = (token: string) =>
    send('1', 'phx_join', { config: { broadcast: { self: true }, private: true, presence: { enabled: false } }, access_token: token })
  const joined = asSent('1', '1', 'phx_reply', { status: 'ok', response: { postgres_changes: [] } })

  it('let somebody in, bring what realtime.send stored, and nothing else', async () => {
    join(await harness.identity.issueToken({ user: 'ana' }))
    expect(await raw.next()).toEqual(joined)
    harness.messages.send(LEADS, { value: 'v' }, { id: 'm-1' })
    const frame = await raw.next()
    const payload = { id: 'm-1', value: 'v' }
    if (vsn === '1.0.0')
      expect(frame).toEqual(asSent(null, null, 'broadcast', { event: 'change', type: 'broadcast', payload, meta: { id: 'm-1' } }))
    else
      expect(frame).toEqual(
        encodeBroadcast({ topic: TOPIC, event: 'change', isJson: true, body: Buffer.from(JSON.stringify(payload)), id: 'm-1' }),
      )
  })

  it('refuse somebody', async () => {
    join(await harness.identity.issueToken({ user: 'eve' }))
    expect(await raw.next()).toEqual(asSent('1', '1', 'phx_reply', { status: 'error', response: { reason: `Unauthorized: ${NO}` } }))
  })

  it('judge anew on another token', async () => {
    join(await harness.identity.issueToken({ user: 'ana' }))
    expect(await raw.next()).toEqual(joined)
    send('2', 'access_token', { access_token: await harness.identity.issueToken({ user: 'eve' }) })
    expect(await raw.next()).toEqual(asSent('1', null, 'system', { extension: 'system', status: 'error', message: NO, channel: LEADS }))
    expect(await raw.next()).toEqual(asSent('1', '1', 'phx_close', {}))
  })

  it('end on an expired token', async () => {
    join(await harness.identity.issueToken({ user: 'ana' }))
    expect(await raw.next()).toEqual(joined)
    send('2', 'access_token', { access_token: await harness.identity.issueExpiredToken({ user: 'ana' }) })
    const message = expect.stringMatching(/^Token has expired/)
    expect(await raw.next()).toEqual(asSent('1', null, 'system', { extension: 'system', status: 'error', message, channel: LEADS }))
    expect(await raw.next()).toEqual(asSent('1', '1', 'phx_close', {}))
  })

  it('refuse expired tokens, and those without a role', async () => {
    join(await harness.identity.issueExpiredToken({ user: 'ana' }))
    expect(await raw.next()).toEqual(
      asSent('1', '1', 'phx_reply', {
        status: 'error',
        response: { reason: expect.stringContaining('InvalidJWTToken: Token has expired') },
      }),
    )
    join(await harness.identity.issueToken({ user: 'ana', claims: { role: undefined } }))
    expect(await raw.next()).toEqual(
      asSent('1', '1', 'phx_reply', {
        status: 'error',
        response: { reason: 'InvalidJWTToken: Fields `role` and `exp` are required in JWT' },
      }),
    )
  })
})
