import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import twilio from 'twilio'
import { DatabaseUnavailableError } from '../src/engine/database/DatabaseError.js'
import { createLogger } from '../src/engine/telemetry/logger.js'
import { aKey, startTestApi, type TestApi } from './harness.js'
import { until } from './support/until.js'

const HASH_KEY = 'a-key-for-the-hashes'
const PHONE = '+12025550177'
const TEXT = 'Meet me at the old mill'
const lines: string[] = []
const written = () => lines.map((line) => JSON.parse(line))
let api: TestApi

beforeAll(async () => {
  const log = createLogger({ logLevel: 'trace' }, { write: (line) => void lines.push(line) })
  api = await startTestApi({ env: { LOG_HASH_KEY: HASH_KEY, METRICS_TOKEN: 'a-token-for-prometheus' }, overrides: { log } })
  await api.dependencies.database.script(`update public.leads set phone = '${PHONE}' where id = 'lead-1'`)
})

afterAll(() => api.stop())

/** A callback that Twilio signed. */
async function webhook(path: string, form: Record<string, string>): Promise<void> {
  const signature = twilio.getExpectedTwilioSignature(api.twilio.authToken, `${api.url}${path}`, form)
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature }
  await api.request(path, { user: null, method: 'POST', headers, body: new URLSearchParams(form).toString() })
}

const serviceHeaders = async () => ({ authorization: `Bearer ${await api.identity.issueServiceToken()}` })

/** Asks for everything there is, rightly and wrongly. */
async function driveEverything(keys: string[]): Promise<void> {
  const key = () => {
    const made = aKey()
    keys.push(made)
    return made
  }
  const sms = { leadId: 'lead-1', message: TEXT }
  const sent = key()
  await api.request('/api/leads/send-sms', { key: sent, body: sms })
  await api.request('/api/leads/send-sms', { key: sent, body: sms })
  await api.request('/api/leads/send-sms', { key: sent, body: { ...sms, message: `${TEXT}!` } })
  for (const mode of ['error', 'bad-json', 'rate-limited'] as const) {
    await api.twilio.setFaults({ mode, times: 1 })
    await api.request('/api/leads/send-sms', { key: key(), body: { ...sms, message: `${TEXT} ${mode}` } })
  }
  await api.request('/api/bookings/confirm', { key: key(), body: { appointmentId: 'apt-123' } })
  await api.request('/api/leads/update-status', { key: key(), body: { leadId: 'lead-1', status: 'won' } })
  await api.request('/api/leads/update-status', { key: key(), body: { leadIds: ['lead-2', 'no-such'], status: 'won' } })
  await api.request('/api/leads/lead-2/update-status', { key: key(), body: { status: 'qualified' } })
  for (const body of [`{"message":"${TEXT}"`, `"${TEXT}"`, [TEXT], { ...sms, [TEXT]: PHONE }, { leadId: PHONE, message: `${TEXT}\0` }]) {
    await api.request('/api/leads/send-sms', { key: key(), body })
  }
  await api.request('/api/leads/send-sms', { key: key(), body: sms, headers: { 'content-type': 'text/html' } })
  await api.request('/api/leads/send-sms', { key: key(), body: sms, headers: { 'content-encoding': 'gzip' } })
  await api.request('/api/leads/send-sms', { key: `${PHONE}`, body: sms })
  const named = key()
  await api.request('/api/leads', { key: named, headers: { 'x-request-id': named } })
  const reads = ['/api/leads', '/api/appointments', '/api/session', '/api/status/sms', '/api/sync/changes', '/api/leads/lead-1/sms-history']
  for (const path of reads) await api.request(path)
  for (const one of [sent, key()]) {
    await api.request(`/api/mutations/${one}`)
    await api.request(`/api/mutations/${one}`, { headers: { 'x-request-id': one } })
    await api.request(`/api/mutations/${one}/resolve`, { method: 'POST' })
    await api.request(`/api/mutations/${one}/resolve`, { method: 'GET' })
    await api.request(`/api/mutations/${one}/resolve/${one}?key=${one}`, { method: 'POST' })
    await api.request(`/${one}/%zz`)
  }
  await api.request('/api/leads', { headers: { authorization: 'Bearer a-forged-token' } })
  await api.request('/api/leads', { user: null, headers: { cookie: `session=a-forged-cookie; phone=${PHONE}` } })
  await api.request('/metrics', { user: null, headers: { authorization: 'Bearer a-token-for-prometheus' } })
  await api.request('/metrics', { user: null, headers: { authorization: 'Bearer a-forged-token' } })
  const headers = await serviceHeaders()
  for (const act of ['isolate', 'reset']) await api.request(`/api/admin/sms-breaker/${act}`, { method: 'POST', headers })
  await api.request('/api/admin/sms-breaker/reset', { method: 'POST' })
  const mid = (await api.request('/api/leads/lead-1/sms-history')).body.sms_messages[0].id
  await webhook(`/api/webhooks/twilio/status?mid=${mid}&attempt=1`, {
    MessageSid: 'SM1',
    MessageStatus: 'delivered',
    To: PHONE,
    Body: TEXT,
  })
  await webhook(`/api/webhooks/twilio/status?mid=${mid}&attempt=1e20`, { MessageSid: 'SM\0', MessageStatus: TEXT, ErrorCode: PHONE })
  await webhook('/api/webhooks/twilio/inbound', { From: PHONE, Body: 'STOP' })
  await api.request('/api/webhooks/twilio/inbound', { user: null, method: 'POST', headers: { 'x-twilio-signature': 'a-forged-signature' } })
}

/** Breaks the database and asks again. */
async function driveWithoutDatabase(keys: string[]): Promise<void> {
  const { database } = api.dependencies
  const { query, write } = database
  for (const error of [
    new DatabaseUnavailableError('The database is away.', { cause: new Error(`connect as ${PHONE}`) }),
    Object.assign(new Error(`invalid input syntax: "${TEXT}"`), { code: 'XX000', detail: PHONE, constraint: 'a_constraint' }),
    TEXT,
  ]) {
    Object.assign(database, { query: () => Promise.reject(error), write: () => Promise.reject(error) })
    const key = aKey()
    keys.push(key)
    await api.request(`/api/mutations/${key}`)
    await api.request(`/api/mutations/${key}/resolve`, { method: 'POST' })
    await api.request('/api/leads/send-sms', { key, body: { leadId: 'lead-1', message: `${TEXT} at last` } })
    await api.request('/api/leads/lead-1/sms-history')
  }
  Object.assign(database, { query, write })
}

describe('every line of the log', () => {
  const keys: string[] = []

  beforeAll(async () => {
    await driveEverything(keys)
    await driveWithoutDatabase(keys)
    await until(() => written().filter(({ route }) => route === '/api/leads/:leadId/sms-history').length >= 5)
  }, 60_000)

  it('is without keys, numbers, texts, tokens, people and organisations', () => {
    const { authToken, accountSid } = api.twilio
    const secrets = [
      ...keys,
      PHONE,
      PHONE.slice(2),
      TEXT,
      'a-forged',
      'a-token-for',
      authToken,
      accountSid,
      HASH_KEY,
      'eyJ',
      'user-456',
      'org-1',
    ]
    for (const secret of secrets) expect(lines.filter((line) => line.includes(secret))).toEqual([])
  })

  it('of a request names its pattern, and its code where it was refused, fresh or recorded', () => {
    const requests = written().filter(({ ms }) => ms !== undefined)
    expect(requests.filter(({ status, code }) => (status >= 400 ? code === undefined : false))).toEqual([])
    const refusals = new Set(requests.map(({ route, status, code }) => `${route} ${status} ${code}`))
    for (const refusal of [
      '/api/leads/send-sms 422 IDEMPOTENCY_KEY_REUSED',
      '/api/leads/send-sms 400 VALIDATION_FAILED',
      '/api/leads/send-sms 415 UNSUPPORTED_MEDIA_TYPE',
      '/api/mutations/:key 404 NOT_FOUND',
      '/api/mutations/:key 503 STORE_UNAVAILABLE',
      '/api/mutations/:key/resolve 503 STORE_UNAVAILABLE',
      '/api/mutations/:key/resolve 500 INTERNAL',
      '/api/mutations/:key/resolve 405 METHOD_NOT_ALLOWED',
      '/api/admin/sms-breaker/reset 403 FORBIDDEN',
      'none 401 UNAUTHENTICATED',
    ])
      expect(refusals).toContain(refusal)
  })

  it('of a failure says in our own words what happened, and names the code', () => {
    const failures = written().filter(({ msg }) => msg === 'request failed')
    const said = failures.filter(({ code }) => code === 'STORE_UNAVAILABLE').map(({ err }) => err.message)
    expect(new Set(said)).toEqual(new Set(['The database is away.']))
    expect(failures).toContainEqual(
      expect.objectContaining({
        route: '/api/mutations/:key',
        code: 'INTERNAL',
        err: expect.objectContaining({ code: 'XX000', constraint: 'a_constraint' }),
      }),
    )
    expect(lines.filter((line) => line.includes('[redacted]'))).toEqual([])
  })

  it('names people and organisations by hashes that tell them apart, and the service by its own', async () => {
    await api.request('/api/leads', { user: 'ben' })
    await api.request('/api/leads', { user: 'eve' })
    await until(() => written().filter(({ route }) => route === '/api/leads').length >= 4)
    const leads = written().filter(({ route, status }) => route === '/api/leads' && status === 200)
    const [ana, , ben, eve] = leads
    expect(ana.person).toMatch(/^[0-9a-f]{16}$/)
    expect(ben).toMatchObject({ organisation: ana.organisation })
    expect(new Set([ana.person, ben.person, eve.person]).size).toBe(3)
    expect(eve.organisation).not.toBe(ana.organisation)
    const [audit] = written().filter((line) => line.audit === 'sms-breaker.isolate')
    expect(audit.person).toMatch(/^[0-9a-f]{16}$/)
  })
})

it('counts requests by code, too', async () => {
  const headers = { authorization: 'Bearer a-token-for-prometheus' }
  const { text } = await api.request('/metrics', { user: null, headers })
  expect(text).toMatch(
    /http_request_duration_seconds_count\{method="GET",route="\/api\/mutations\/:key",status="404",code="NOT_FOUND"\} \d/,
  )
})
