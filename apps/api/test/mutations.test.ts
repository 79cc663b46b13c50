import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { aKey, startTestApi, type TestApi } from './harness.js'

const DAY_MS = 24 * 60 * 60 * 1_000
let api: TestApi

beforeAll(async () => {
  api = await startTestApi({ env: { IDEMPOTENCY_WINDOW_SECONDS: '1' } })
})

afterAll(() => api.stop())

const setStatus = (key: string, leadId: string, status: string, headers: Record<string, string> = {}) =>
  api.request('/api/leads/update-status', { key, headers, body: { leadId, status } })
const clock = (createdAt: number, sentAt: number) => ({ 'mutation-created-at': String(createdAt), 'mutation-sent-at': String(sentAt) })

/** Takes the replay cache away, as a dead Redis does, until the returned function is called. */
function loseReplayCache(): () => void {
  const { replayCache } = api.dependencies
  const { look } = replayCache
  replayCache.look = () => Promise.reject(new Error('the cache is away'))
  return () => {
    replayCache.look = look
  }
}

describe('a recorded outcome', () => {
  it('says that it is one, and for how long it will be known', async () => {
    const answer = await setStatus(aKey(), 'lead-1', 'contacted')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('idempotency-outcome')).toBe('recorded')
    expect(answer.headers.get('idempotency-retention')).toBe('2592000')
    expect(answer.headers.get('idempotent-replayed')).toBeNull()
  })

  it('wins over a request that would be refused today', async () => {
    const key = aKey()
    const body = { leadId: 'lead-2', status: 'contacted' }
    const first = await api.request('/api/leads/update-status', { key, body })
    const actorChanged = await api.request('/api/leads/update-status', { key, body, headers: { 'mutation-actor': 'user-789' } })
    const tooOld = await api.request('/api/leads/update-status', { key, body, headers: clock(0, 300 * DAY_MS) })
    const malformed = await api.request('/api/leads/update-status', { key, body, headers: { 'mutation-created-at': 'yesterday' } })
    for (const answer of [actorChanged, tooOld, malformed]) {
      expect([answer.status, answer.text]).toEqual([200, first.text])
      expect(answer.headers.get('idempotent-replayed')).toBe('true')
    }
  })

  it('is a rejection too: the same key gets it again after the reason is gone', async () => {
    const key = aKey()
    const rejected = await setStatus(key, 'lead-5', 'contacted')
    expect([rejected.status, rejected.body.code]).toEqual([409, 'ALREADY_HAS_STATUS'])
    await setStatus(aKey(), 'lead-5', 'qualified')
    const again = await setStatus(key, 'lead-5', 'contacted')
    expect([again.status, again.text]).toEqual([409, rejected.text])
  })

  it('belongs to one request: another body under the key is 422', async () => {
    const key = aKey()
    await setStatus(key, 'lead-3', 'contacted')
    const other = await setStatus(key, 'lead-3', 'lost')
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
    expect(other.headers.get('idempotency-outcome')).toBeNull()
  })

  it('belongs to one person: a colleague’s same key is another click', async () => {
    const key = aKey()
    await setStatus(key, 'lead-4', 'qualified')
    const ben = await api.request('/api/leads/update-status', { key, user: 'ben', body: { leadId: 'lead-4', status: 'lost' } })
    expect(ben.body).toMatchObject({ success: true, lead: { status: 'lost', updated_by: 'user-789' } })
    const eve = await api.request(`/api/mutations/${key}`, { user: 'eve' })
    expect(eve.status).toBe(404)
  })

  it('is byte-identical from the window and from the ledger', async () => {
    const key = aKey()
    const first = await setStatus(key, 'lead-6', 'contacted')
    const fromWindow = await setStatus(key, 'lead-6', 'contacted')
    const bringBack = loseReplayCache()
    const fromLedger = await setStatus(key, 'lead-6', 'contacted')
    bringBack()
    expect([fromWindow.text, fromLedger.text]).toEqual([first.text, first.text])
    for (const { headers } of [fromWindow, fromLedger]) {
      expect(headers.get('content-type')).toBe(first.headers.get('content-type'))
      expect(headers.get('idempotent-replayed')).toBe('true')
      expect(headers.get('idempotency-outcome')).toBe('recorded')
    }
  })
})

describe('a click that waited too long', () => {
  it('is not carried out, and stays so', async () => {
    const key = aKey()
    const now = Date.now()
    const expired = await setStatus(key, 'lead-7', 'contacted', clock(now - 8 * DAY_MS, now))
    expect([expired.status, expired.body.code]).toEqual([410, 'ACTION_EXPIRED'])
    expect(expired.headers.get('idempotency-outcome')).toBe('recorded')
    const again = await setStatus(key, 'lead-7', 'contacted', clock(now, now))
    expect(again.text).toBe(expired.text)
  })

  it('counts by the client’s own clock, and by the limit it asked for', async () => {
    const now = Date.now()
    const behindUs = now - 20 * DAY_MS
    expect((await setStatus(aKey(), 'lead-8', 'contacted', clock(behindUs, behindUs + 1_000))).status).toBe(200)
    expect((await setStatus(aKey(), 'lead-8', 'new', clock(now, now - 8 * DAY_MS))).status).toBe(200)
    const limited = await setStatus(aKey(), 'lead-8', 'qualified', { ...clock(now - 10_000, now), 'mutation-expires-after': '5000' })
    expect(limited.body.code).toBe('ACTION_EXPIRED')
  })

  it('and may have been forgotten has an unknown outcome', async () => {
    const now = Date.now()
    const answer = await setStatus(aKey(), 'lead-8', 'lost', clock(now - 40 * DAY_MS, now))
    expect([answer.status, answer.body.code]).toEqual([410, 'OUTCOME_UNKNOWN'])
    expect(answer.headers.get('idempotency-outcome')).toBeNull()
  })
})

describe('GET /api/mutations/:key', () => {
  it('shows what stands, with the answer as it was first given', async () => {
    const key = aKey()
    const first = await setStatus(key, 'lead-9', 'contacted')
    const found = await api.request(`/api/mutations/${key}`)
    expect(found.body).toEqual({ key, state: 'recorded', status: 200, body: first.text })
    expect((await api.request(`/api/mutations/${aKey()}`)).status).toBe(404)
    expect((await api.request('/api/mutations/short')).body.code).toBe('IDEMPOTENCY_KEY_INVALID')
  })
})

describe('POST /api/mutations/:key/resolve', () => {
  const resolve = (key: string, headers: Record<string, string> = {}) =>
    api.request(`/api/mutations/${key}/resolve`, { method: 'POST', headers })

  it('abandons a key that never arrived, so that a late arrival is not carried out', async () => {
    const key = aKey()
    expect((await resolve(key)).body).toMatchObject({ key, state: 'abandoned' })
    const late = await setStatus(key, 'lead-123', 'lost')
    expect([late.status, late.body.code]).toEqual([410, 'ACTION_ABANDONED'])
    expect(late.headers.get('idempotency-outcome')).toBe('recorded')
    expect((await resolve(key)).body.state).toBe('abandoned')
  })

  it('returns what stands for one that was carried out', async () => {
    const key = aKey()
    const first = await setStatus(key, 'lead-124', 'contacted')
    expect((await resolve(key)).body).toEqual({ key, state: 'recorded', status: 200, body: first.text })
  })

  it('racing the request itself, exactly one of both wins', async () => {
    for (let round = 0; round < 10; round += 1) {
      const key = aKey()
      const status = round % 2 === 0 ? 'qualified' : 'contacted'
      const [done, resolved] = await Promise.all([setStatus(key, 'lead-125', status), resolve(key)])
      expect(resolved.body.state).toBe(done.body.code === 'ACTION_ABANDONED' ? 'abandoned' : 'recorded')
      expect(resolved.body).toMatchObject({ status: done.status, body: done.text })
    }
  })

  it('is one’s own affair', async () => {
    const other = await resolve(aKey(), { 'mutation-actor': 'user-789' })
    expect([other.status, other.body.code]).toEqual([403, 'ACTOR_MISMATCH'])
  })

  it('does not say "never executed" of a click that may have been forgotten', async () => {
    const now = Date.now()
    expect((await resolve(aKey(), clock(now - 40 * DAY_MS, now))).body.state).toBe('unknown')
  })
})

describe('forty duplicates at once', () => {
  it.each([
    ['with the replay cache', 'apt-1', () => () => undefined],
    ['without it', 'apt-2', loseReplayCache],
  ] as const)('are one effect and the same bytes %s', async (_name, appointmentId, arrange) => {
    const undo = arrange()
    const key = aKey()
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => api.request('/api/bookings/confirm', { key, body: { appointmentId } })),
    )
    undo()
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers[0]?.body.appointment).toMatchObject({ id: appointmentId, status: 'confirmed', version: 2 })
  })
})
