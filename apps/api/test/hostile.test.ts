import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { aKey, startTestApi, type TestApi } from './harness.js'

let api: TestApi
let token = ''

beforeAll(async () => {
  api = await startTestApi({ env: { RATE_LIMIT_USER_PER_MINUTE: '100000' } })
  token = await api.identity.issueToken({ user: 'ana' })
})

afterAll(() => api.stop())

const SMS = '/api/leads/send-sms'
const STATUS = '/api/leads/update-status'
const CONFIRM = '/api/bookings/confirm'
const VALUES = ['', 7, -1, 1e300, true, null, [], ['lead-1'], {}, { $ne: null }, 'a\u0000b', '\ud800', '😀'.repeat(128), 'x'.repeat(3_000)]

/** A refusal with a code that says nothing about what runs here. */
function expectRefused(name: unknown, { status, text, body }: { status: number; text: string; body?: { code?: string } }): void {
  const { code } = body ?? (JSON.parse(text) as { code?: string })
  expect([name, status >= 400 && status < 500, typeof code]).toEqual([name, true, 'string'])
  expect(text).not.toMatch(/ at .*\.[jt]s|node_modules|select |insert |sync\.|invalid byte|expected (string|number|int|array)|received/)
}

describe('hostile requests are refused with a code, never with a crash', () => {
  it.each([
    [SMS, 'leadId', { message: 'Hi' }],
    [SMS, 'message', { leadId: 'no-such' }],
    [SMS, 'templateId', { leadId: 'no-such', message: 'Hi' }],
    [STATUS, 'leadId', { status: 'won' }],
    [STATUS, 'status', { leadId: 'no-such' }],
    [STATUS, 'expectedVersion', { leadId: 'no-such', status: 'won' }],
    [STATUS, 'leadIds', { status: 'won', leadId: 'both' }],
    [CONFIRM, 'appointmentId', {}],
    [CONFIRM, 'notes', { appointmentId: 'no-such' }],
    [CONFIRM, 'confirmedBy', { appointmentId: 'no-such' }],
  ])('at %s in the field %s', async (path, field, rest) => {
    for (const value of VALUES)
      expectRefused([path, field, value], await api.request(path, { key: aKey(), body: { ...rest, [field]: value } }))
  })

  it.each([
    '{"__proto__":{"leadId":"lead-1","status":"won"}}',
    '{"constructor":{"prototype":{"x":1}},"leadId":"lead-1","status":"won"}',
    '{"leadId":"lead-1","status":"won","expectedVersion":NaN}',
    '{"leadId":"lead-1","status":"won","expectedVersion":1e999}',
    `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
    JSON.stringify(Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, 1]))),
  ])('in a body (%#)', async (body) => {
    expectRefused(body.slice(0, 40), await api.request(STATUS, { key: aKey(), body }))
  })

  it.each(['Mutation-Created-At', 'Mutation-Sent-At', 'Mutation-Expires-After'])('in %s, which the answer names', async (name) => {
    for (const value of ['', 'yesterday', '-1', '1e3', '1.5', '0x10', '9'.repeat(16)]) {
      const answer = await api.request(STATUS, { key: aKey(), body: { leadId: 'lead-1', status: 'won' }, headers: { [name]: value } })
      expectRefused([name, value], answer)
      expect(answer.body.error).toBe(`${name} must be a whole number of milliseconds. Nothing was changed.`)
    }
  })

  it.each(['', ' ', '""', "''"])('in a key that names nothing: %j', async (key) => {
    const answer = await api.request(STATUS, { key, body: { leadId: 'lead-1', status: 'won' } })
    expect([answer.status, answer.body.code]).toEqual([400, 'IDEMPOTENCY_KEY_INVALID'])
  })

  it.each<[string, Record<string, string>, Buffer]>([
    ['a bomb', { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(50_000_000, 32))],
    ['no gzip at all', { 'content-encoding': 'gzip' }, Buffer.from('nonsense')],
    ['an unknown encoding', { 'content-encoding': 'zstd' }, Buffer.from('{}')],
    ['an unknown charset', { 'content-type': 'application/json; charset=bogus' }, Buffer.from('{}')],
    ['broken UTF-8', {}, Buffer.from('{"leadId":"lead-1","status":"won","notes":"\xff"}', 'latin1')],
    ['two types', { 'content-type': 'application/json, text/plain' }, Buffer.from('{}')],
  ])('in how a body is sent: %s', async (name, headers, bytes) => {
    const answer = await fetch(api.url + STATUS, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': aKey(), 'content-type': 'application/json', ...headers },
      body: new Uint8Array(bytes),
    })
    expectRefused(name, { status: answer.status, text: await answer.text() })
  })

  it.each([
    ...['0', '-1', 'abc', '1e9', '1&limit=2', '201', '%00', '%ff', '9'.repeat(40)].map((limit) => `/api/leads?limit=${limit}`),
    ...['garbage', 'p1', 'p1.YQA', 'p1._w', 'x'.repeat(5_000)].map((cursor) => `/api/appointments?cursor=${cursor}`),
    ...['garbage', '%00', 'a&since=b', `x.${'9'.repeat(20)}.1`, 'x.09.1.1.ab'].map((since) => `/api/sync/changes?since=${since}`),
    ...['%00', '%E0%A4%A', '..%2f..%2f', 'x'.repeat(129)].map((id) => `/api/leads/${id}/sms-history`),
    ...['short', '%00aaaaaaaaaaaaaaaaaaaaaaaa', '%', 'aaaaaaaaaaaaaaaaaaaaaaaaa'].map((key) => `/api/mutations/${key}`),
  ])('in an address (%#)', async (path) => {
    expectRefused(path.slice(0, 60), await api.request(path))
  })

  it.each([
    { alg: '__proto__' },
    { alg: 'constructor' },
    { alg: 'none' },
    { alg: 'ES256', kid: '../../x' },
    { alg: 'ES256', jwk: {} },
    { alg: 'ES256', crit: ['x'], x: 1 },
    null,
  ])('in the head of a token: %j', async (head) => {
    const authorization = `Bearer ${Buffer.from(JSON.stringify(head)).toString('base64url')}.${token.split('.')[1]}.AAAA`
    const answer = await api.request('/api/session', { user: null, headers: { authorization } })
    expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHENTICATED'])
  })

  it.each([
    ['two keys', `POST ${STATUS} HTTP/1.1\r\nHost: x\r\nIdempotency-Key: ${'a'.repeat(21)}\r\nIdempotency-Key: ${'b'.repeat(21)}\r\n`, 400],
    ['an empty key', `POST ${STATUS} HTTP/1.1\r\nHost: x\r\nIdempotency-Key:\r\n`, 400],
    ['both lengths', `POST ${STATUS} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n`, 400],
    ['an endless head', `GET /api/session HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n`, 431],
    ['a whole address', 'POST http://evil.test/api/webhooks/twilio/status HTTP/1.1\r\nHost: x\r\nX-Twilio-Signature: AAAA\r\n', 403],
    ['NUL in a header', 'GET /api/session HTTP/1.1\r\nHost: x\r\nIdempotency-Key: a\u0000b\r\n', 400],
  ])('on the wire: %s', async (_name, head, status) => {
    const body = '{"leadId":"lead-1","status":"won"}'
    const length = head.includes('Length') ? '' : `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`
    expect(await statusOf(`${head}Authorization: Bearer ${token}\r\n${length}Connection: close\r\n\r\n${body}`)).toBe(status)
  })

  it('and after all of them the API is well', async () => {
    expect((await api.request('/readyz', { user: null })).status).toBe(200)
    expect((await api.request('/api/leads')).body.leads.find(({ id }: { id: string }) => id === 'lead-1').version).toBe(1)
  })
})

/** The status line's number of what a raw request is answered. */
function statusOf(request: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(api.api.port, '127.0.0.1', () => socket.write(request))
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(Number(text.split(' ')[1])))
  })
}
