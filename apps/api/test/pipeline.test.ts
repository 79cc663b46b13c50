import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SignJWT, UnsecuredJWT } from 'jose'
import { aKey, startTestApi, type TestApi } from './harness.js'

const ORIGIN = 'https://app.example.com'
let api: TestApi

beforeAll(async () => {
  api = await startTestApi({ env: { CORS_ORIGINS: ORIGIN } })
})

afterAll(() => api.stop())

const confirm = (options: Parameters<TestApi['request']>[1] = {}) =>
  api.request('/api/bookings/confirm', { key: aKey(), body: { appointmentId: 'no-such' }, ...options })

/** Everything a stranger could learn from an answer that should tell nothing. */
function expectNothingLeaked(text: string): void {
  expect(text).not.toMatch(/ at .*\.[jt]s|node_modules|select |insert |sync\./)
}

describe('the idempotency key', () => {
  it.each<[string, () => Promise<{ status: number; headers: Headers }>, number]>([
    ['a success', () => confirm({ key: 'echo-key-of-a-success-1', body: { appointmentId: 'apt-125' } }), 200],
    ['a missing token', () => confirm({ key: 'echo-key-of-a-stranger', user: null }), 401],
    ['a malformed key', () => confirm({ key: 'short' }), 400],
    ['an over-long key', () => confirm({ key: 'k'.repeat(129) }), 400],
    ['a malformed body', () => confirm({ key: 'echo-key-of-bad-json-1', body: '{"appointmentId":' }), 400],
    ['a missing row', () => confirm({ key: 'echo-key-of-a-404-here' }), 404],
    ['an unknown address', () => api.request('/api/nowhere', { key: 'echo-key-of-nowhere-1' }), 404],
    [
      'a body of the wrong type',
      () => confirm({ key: 'echo-key-of-xml-body-1', body: '<a/>', headers: { 'content-type': 'text/xml' } }),
      415,
    ],
    ['a body that is too large', () => confirm({ key: 'echo-key-of-a-large-1', body: { appointmentId: 'a'.repeat(70_000) } }), 413],
  ])('is echoed on %s', async (_name, send, status) => {
    const answer = await send()
    expect(answer.status).toBe(status)
    expect(answer.headers.get('idempotency-key')).toMatch(/^(echo-key|short|k{129}$)/)
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(answer.headers.get('contracts-version')).toBe('1')
  })

  it('may be quoted', async () => {
    expect((await confirm({ key: `"${aKey()}"` })).status).toBe(404)
  })

  it('is cut and made safe where it could break the header', async () => {
    const answer = await new Promise<{ key: unknown; status: number | undefined }>((resolve, reject) => {
      const headers = { 'idempotency-key': `é${'x'.repeat(5_000)}` }
      httpRequest(`${api.url}/api/session`, { headers }, (res) => {
        res.resume()
        resolve({ key: res.headers['idempotency-key'], status: res.statusCode })
      })
        .on('error', reject)
        .end()
    })
    expect(answer.status).toBe(401)
    expect(answer.key).toMatch(/^[?x]{200}$/)
  })
})

describe('a request id', () => {
  it('is the client’s own when it is a safe one', async () => {
    const given = await api.request('/api/session', { headers: { 'x-request-id': 'click-42' } })
    expect(given.headers.get('x-request-id')).toBe('click-42')
    const unsafe = await api.request('/api/session', { headers: { 'x-request-id': 'a b\tc' } })
    expect(unsafe.headers.get('x-request-id')).not.toContain(' ')
  })
})

describe('cross-origin', () => {
  const EXPOSED =
    'Idempotency-Key,Idempotent-Replayed,Idempotency-Outcome,Idempotency-Retention,Retry-After,X-Request-Id,Contracts-Version,SMS-Breaker,Date'

  it('a listed origin may read every answer, refusals too', async () => {
    const answer = await confirm({ user: null, headers: { origin: ORIGIN } })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(answer.headers.get('access-control-expose-headers')).toBe(EXPOSED)
    expect(answer.headers.get('vary')).toContain('Origin')
  })

  it('a listed origin may send what the client sends', async () => {
    const answer = await api.request('/api/bookings/confirm', {
      user: null,
      method: 'OPTIONS',
      headers: { origin: ORIGIN, 'access-control-request-method': 'POST', 'access-control-request-headers': 'idempotency-key' },
    })
    expect(answer.status).toBe(204)
    const allowed = answer.headers.get('access-control-allow-headers')?.toLowerCase().split(',')
    for (const name of ['idempotency-key', 'authorization', 'content-type', 'mutation-created-at', 'mutation-sent-at', 'mutation-actor']) {
      expect(allowed).toContain(name)
    }
  })

  it('any other origin gets no permission', async () => {
    const answer = await confirm({ headers: { origin: 'https://evil.example' } })
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('a token', () => {
  const session = (token: string) => api.request('/api/session', { user: null, headers: { authorization: `Bearer ${token}` } })

  it('says who is calling', async () => {
    expect((await api.request('/api/session')).body).toEqual({ actor: 'user-456', tenant: 'org-1' })
    expect((await api.request('/api/session', { user: 'eve' })).body).toEqual({ actor: 'user-999', tenant: 'org-2' })
  })

  it('of the provider is needed', async () => {
    const { identity } = api
    const claims = { sub: 'user-456', role: 'authenticated', app_metadata: { org_id: 'org-1' }, iss: identity.issuer, aud: 'authenticated' }
    const secret = new TextEncoder().encode('a-secret-of-at-least-32-characters!!')
    const bad: [string, string][] = [
      ['expired', await identity.issueExpiredToken({ user: 'ana' })],
      ['forged', await identity.issueForgedToken({ user: 'ana' })],
      ['of another issuer', await identity.issueToken({ user: 'ana', claims: { iss: 'https://evil.example' } })],
      ['for another audience', await identity.issueToken({ user: 'ana', claims: { aud: 'another-app' } })],
      ['without an end', await identity.issueToken({ user: 'ana', claims: { exp: undefined } })],
      ['without a subject', await identity.issueToken({ user: 'ana', claims: { sub: undefined } })],
      ['without an organisation', await identity.issueToken({ user: 'ana', claims: { app_metadata: {} } })],
      [
        'with an organisation that is no text',
        await identity.issueToken({ user: 'ana', claims: { app_metadata: { org_id: { $ne: null } } } }),
      ],
      ['with alg none', new UnsecuredJWT(claims).setExpirationTime('1h').encode()],
      ['signed with a shared secret', await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(secret)],
      ['that is none', 'garbage'],
      ['that is enormous', 'a'.repeat(10_000)],
    ]
    for (const [name, token] of bad) {
      const answer = await session(token)
      expect([name, answer.status, answer.body.code]).toEqual([name, 401, 'UNAUTHENTICATED'])
      expectNothingLeaked(answer.text)
    }
  })

  it('of the service role owns no mutations', async () => {
    const authorization = `Bearer ${await api.identity.issueServiceToken()}`
    const answer = await confirm({ user: null, headers: { authorization } })
    expect([answer.status, answer.body.code]).toEqual([403, 'FORBIDDEN'])
  })
})

describe('a session cookie', () => {
  const cookie = async () => `session=${await api.identity.issueToken({ user: 'ana' })}`
  const asPage = async (headers: Record<string, string>, body: unknown, path = '/api/leads/lead-1/update-status') =>
    api.request(path, { user: null, method: 'POST', headers: { cookie: await cookie(), ...headers }, body })

  it('reads', async () => {
    const history = await api.request('/api/leads/lead-123/sms-history', { user: null, headers: { cookie: await cookie() } })
    expect(history.body).toEqual({ sms_messages: [] })
  })

  it('lets the guide’s bare fetch write: no key, JSON as text/plain', async () => {
    const answer = await fetch(`${api.url}/api/leads/lead-1/update-status`, {
      method: 'POST',
      headers: { cookie: await cookie(), 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ status: 'qualified' }),
    })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ success: true, lead: { id: 'lead-1', status: 'qualified', updated_by: 'user-456' } })
  })

  it.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a neighbour', { 'sec-fetch-site': 'same-site', origin: 'https://evil.example.com' }],
    ['nowhere', {}],
  ])('writes nothing for %s', async (_name, headers) => {
    const answer = await asPage({ ...headers, 'content-type': 'application/json' }, { status: 'won' }, '/api/leads/lead-2/update-status')
    expect([answer.status, answer.body.code]).toEqual([403, 'FORBIDDEN'])
    const leads = await api.request('/api/leads')
    expect(leads.body.leads.find(({ id }: { id: string }) => id === 'lead-2').status).toBe('new')
  })

  it('writes for a listed origin', async () => {
    const answer = await asPage(
      { 'sec-fetch-site': 'cross-site', origin: ORIGIN },
      { status: 'contacted' },
      '/api/leads/lead-3/update-status',
    )
    expect(answer.status).toBe(200)
  })

  it('does not open text/plain to other sites', async () => {
    const answer = await confirm({ headers: { 'content-type': 'text/plain' } })
    expect([answer.status, answer.body.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
  })
})

describe('bad input', () => {
  it.each<[string, unknown, number, string]>([
    ['unknown fields', { appointmentId: 'apt-1', admin: true }, 400, 'VALIDATION_FAILED'],
    ['a wrong type', { appointmentId: 1 }, 400, 'VALIDATION_FAILED'],
    ['a NUL', { appointmentId: 'apt-1\u0000' }, 400, 'VALIDATION_FAILED'],
    ['half a surrogate pair', '{"appointmentId":"apt-1\\ud800"}', 400, 'VALIDATION_FAILED'],
    ['a prototype', '{"__proto__":{"admin":true},"appointmentId":"apt-1"}', 400, 'VALIDATION_FAILED'],
    ['no JSON', 'appointmentId=apt-1', 400, 'VALIDATION_FAILED'],
    ['nothing', '', 400, 'VALIDATION_FAILED'],
    ['too deep a nest', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 400, 'VALIDATION_FAILED'],
    ['another person', { appointmentId: 'apt-1', confirmedBy: 'user-789' }, 403, 'FORBIDDEN'],
  ])('with %s is refused with a code, and nothing is written', async (_name, body, status, code) => {
    const answer = await confirm({ body })
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(answer.body).toMatchObject({ success: false, error: expect.any(String), retryable: false })
    expectNothingLeaked(answer.text)
    const { body: page } = await api.request('/api/appointments')
    expect(page.appointments.find(({ id }: { id: string }) => id === 'apt-1').status).toBe('pending')
  })

  it.each<[string, string, Record<string, string>]>([
    ['another media type', '<a/>', { 'content-type': 'text/xml' }],
    ['too many bytes', JSON.stringify({ appointmentId: 'a'.repeat(70_000) }), {}],
    ['no JSON', '{"appointmentId":', {}],
    ['too deep a nest', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, {}],
    ['an unknown encoding', '{}', { 'content-encoding': 'foo' }],
  ])('with %s never claims that nothing was changed under a key that was used', async (_name, body, headers) => {
    const used = aKey()
    await api.request('/api/leads/update-status', { key: used, body: { leadId: 'lead-5', status: 'contacted' } })
    const answer = await confirm({ key: used, body, headers })
    expect([answer.status, answer.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
    const abandoned = aKey()
    await api.request(`/api/mutations/${abandoned}/resolve`, { method: 'POST' })
    expect((await confirm({ key: abandoned, body, headers })).body.code).toBe('ACTION_ABANDONED')
  })

  it.each<[string, string, Record<string, string>, number, RegExp]>([
    ['an unknown encoding', '{}', { 'content-encoding': 'foo' }, 415, /Content-Encoding/],
    ['an unknown charset', '{}', { 'content-type': 'application/json; charset=x-none' }, 415, /UTF-8/],
    ['what is not compressed', 'not gzip', { 'content-encoding': 'gzip' }, 400, /decompressed/],
    ['null', 'null', {}, 400, /JSON object/],
  ])('with %s is told what is wrong', async (_name, body, headers, status, text) => {
    const answer = await confirm({ body, headers })
    expect([answer.status, answer.body.error]).toEqual([status, expect.stringMatching(text)])
  })

  it('a bulk may be larger than a single request, up to its own limit', async () => {
    const leadIds = Array.from({ length: 1_000 }, (_, index) => `no-such-lead-${'x'.repeat(80)}-${index}`)
    const large = await api.request('/api/leads/update-status', { body: { leadIds, status: 'contacted' } })
    expect([large.status, large.body.failed]).toEqual([207, 1_000])
    const single = await api.request('/api/leads/update-status', { body: { leadId: 'a'.repeat(70_000), status: 'contacted' } })
    expect([single.status, single.body.code]).toEqual([413, 'PAYLOAD_TOO_LARGE'])
    const huge = await api.request('/api/leads/update-status', { body: { leadIds: ['a'.repeat(300_000)], status: 'contacted' } })
    expect(huge.status).toBe(413)
    const tooMany = await api.request('/api/leads/update-status', { body: { leadIds: [...leadIds, 'one-more'], status: 'contacted' } })
    expect([tooMany.status, tooMany.body.code]).toEqual([400, 'VALIDATION_FAILED'])
  })

  it.each(['GET', 'DELETE', 'PUT'])('%s on an action is told which method it takes', async (method) => {
    const answer = await api.request('/api/bookings/confirm', { method })
    expect([answer.status, answer.body.code, answer.headers.get('allow')]).toEqual([405, 'METHOD_NOT_ALLOWED', 'POST'])
  })

  it('an action without the key it needs is told so', async () => {
    const answer = await api.request('/api/bookings/confirm', { body: { appointmentId: 'apt-1' } })
    expect([answer.status, answer.body.code]).toEqual([400, 'IDEMPOTENCY_KEY_REQUIRED'])
  })

  it.each(['limit=0', 'limit=abc', 'limit=-1', 'limit=5&limit=6', 'limit=201', 'cursor=%00', 'cursor=garbage', 'cursor=lead-1'])(
    'a page with %s is refused',
    async (query) => {
      expect((await api.request(`/api/leads?${query}`)).status).toBe(400)
    },
  )

  it('a page is bounded, and leads on to the next', async () => {
    const first = await api.request('/api/leads?limit=5')
    expect(first.body.leads).toHaveLength(5)
    const rest = await api.request(`/api/leads?limit=200&cursor=${first.body.nextCursor}`)
    expect(rest.body.nextCursor).toBeNull()
    expect(first.body.leads.length + rest.body.leads.length).toBe(14)
  })

  it('a foreign row is a missing row, and unknown addresses say nothing more', async () => {
    for (const path of ['/api/leads/lead-123/sms-history', '/api/leads/no-such/sms-history']) {
      const answer = await api.request(path, { user: 'eve' })
      expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND'])
    }
    const foreign = await confirm({ user: 'eve', body: { appointmentId: 'apt-1' } })
    expect(foreign.body.code).toBe('NOT_FOUND')
  })
})

describe('catching up', () => {
  it('begins with a cursor and answers 410 to one that is gone', async () => {
    const first = await api.request('/api/sync/changes')
    expect(first.body).toMatchObject({ changes: [], hasMore: false, epoch: expect.any(String) })
    await api.request('/api/leads/update-status', { key: aKey(), body: { leadId: 'lead-4', status: 'qualified' } })
    const page = await api.request(`/api/sync/changes?since=${first.body.next}`)
    expect(page.body.changes).toEqual([
      expect.objectContaining({ table: 'leads', eventType: 'UPDATE', new: expect.objectContaining({ id: 'lead-4', status: 'qualified' }) }),
    ])
    const gone = await api.request('/api/sync/changes?since=nonsense')
    expect(gone.status).toBe(410)
    expect(gone.body).toEqual(
      expect.objectContaining({ success: false, code: 'CURSOR_GONE', retryable: false, mustRefetch: true, epoch: first.body.epoch }),
    )
  })
})

describe('a method that an address does not take', () => {
  it.each([
    ['POST', '/api/leads', 'GET, HEAD'],
    ['DELETE', '/api/appointments', 'GET, HEAD'],
    ['PUT', '/api/session', 'GET, HEAD'],
    ['POST', '/api/sync/changes', 'GET, HEAD'],
    ['PATCH', '/api/leads/lead-1/sms-history', 'GET, HEAD'],
    ['POST', '/api/status/sms', 'GET, HEAD'],
    ['DELETE', '/api/mutations/aaaaaaaaaaaaaaaaaaaaaaaa', 'GET, HEAD'],
    ['GET', '/api/mutations/aaaaaaaaaaaaaaaaaaaaaaaa/resolve', 'POST'],
    ['GET', '/api/admin/sms-breaker/reset', 'POST'],
    ['GET', '/api/webhooks/twilio/status', 'POST'],
    ['GET', '/api/bookings/confirm', 'POST'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['POST', '/metrics', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
  ])('%s %s is refused, and told what it takes', async (method, path, allow) => {
    const answer = await api.request(path, { method })
    expect([answer.status, answer.body.code, answer.headers.get('allow')]).toEqual([405, 'METHOD_NOT_ALLOWED', allow])
  })

  it('HEAD goes wherever GET goes', async () => {
    expect((await api.request('/api/leads', { method: 'HEAD' })).status).toBe(200)
  })
})

describe('an address', () => {
  it.each(['/api/leads/%E0%A4%A/sms-history', '/api/mutations/%'])('that is badly encoded (%s) is told so', async (path) => {
    const answer = await api.request(path)
    expect([answer.status, answer.body.code]).toEqual([400, 'VALIDATION_FAILED'])
    expect(answer.body.error).toMatch(/^The address holds a %/)
  })
})

describe('a slow or endless request', () => {
  it('is cut before it holds a connection for long, while an idle connection may wait for the next one', () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout } = api.api.server
    expect(headersTimeout).toBeLessThanOrEqual(20_000)
    expect(requestTimeout).toBeLessThanOrEqual(30_000)
    expect(keepAliveTimeout).toBeGreaterThan(requestTimeout)
  })
})
