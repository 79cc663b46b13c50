import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { aKey, type RequestOptions, startTestApi, type TestApi } from './harness.js'

let api: TestApi
const key = aKey()

beforeAll(async () => {
  api = await startTestApi()
  await api.request('/api/bookings/confirm', { key, body: { appointmentId: 'apt-123' } })
})

afterAll(() => api.stop())

const looks = async () =>
  (await api.dependencies.database.query<{ about: string }>('select about from sync.audit order by seq')).map((row) => row.about)

/** As a service account of an organisation; with none, as the operator. */
async function as(organisation: string | null, path: string, options: RequestOptions = {}) {
  const claims = { role: 'service_role', sub: 'billing', app_metadata: organisation === null ? {} : { org_id: organisation } }
  const token = await api.identity.issueToken({ user: 'ana', claims })
  return api.request(path, { ...options, user: null, headers: { authorization: `Bearer ${token}` } })
}

describe('GET /api/admin/timeline', () => {
  it('tells a service account what its organisation clicked', async () => {
    const { status, body } = await as('org-1', `/api/admin/timeline?key=${key}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      verdicts: [{ about: 'click', id: key, actor: 'user-456', status: 200, recorded: true }],
      events: [
        { kind: 'click', key, actor: 'user-456', action: 'booking.confirm', replica: expect.stringMatching(/:\d+$/) },
        { kind: 'row', table: 'appointments', id: 'apt-123', version: 2, status: 'confirmed', actor: 'user-456' },
      ],
      more: false,
    })
  })

  it('tells nothing of another organisation, as of what does not exist, and keeps that it was tried', async () => {
    for (const about of [`key=${key}`, 'appointment=apt-123', 'person=user-456', 'key=no-such-key-000000000']) {
      const { status, body } = await as('org-2', `/api/admin/timeline?${about}`)
      expect([about, status, body.code]).toEqual([about, 404, 'NOT_FOUND'])
    }
    expect((await as('org-2', `/api/admin/timeline?key=${key}&organisation=org-1`)).status).toBe(403)
    const { database } = api.dependencies
    const rows = await database.query("select distinct actor, door, tenant from sync.audit where about = 'apt-123'")
    expect(rows).toEqual([{ actor: 'service:billing', door: 'api', tenant: 'org-2' }])
    expect(await looks()).toContain('no-such-key-000000000')
  })

  it('says which words there are instead of finding nothing under one that is none', async () => {
    const { status, body } = await as('org-1', '/api/admin/timeline?elephant=apt-123')
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED'])
    expect(body.error).toMatch(/"elephant".*: key, person, sms, appointments, leads, sms_messages/)
  })

  it('is for no person, and without a token for nobody', async () => {
    const before = await looks()
    expect((await api.request(`/api/admin/timeline?key=${key}`)).status).toBe(403)
    expect((await api.request(`/api/admin/timeline?key=${key}`, { user: null })).status).toBe(401)
    expect(await looks()).toEqual(before)
  })

  it('lets the operator name the organisation, and never look into all at once', async () => {
    expect((await as(null, `/api/admin/timeline?key=${key}`)).status).toBe(400)
    expect((await as(null, `/api/admin/timeline?key=${key}&organisation=org-1`)).status).toBe(200)
    expect((await as(null, `/api/admin/timeline?key=${key}&organisation=org-2`)).status).toBe(404)
  })

  it.each([
    ['nothing', ''],
    ['two things', `key=${key}&person=user-456`],
    ['one thing twice', `key=${key}&key=${key}`],
    ['no id', 'key='],
    ['an id that no text can be', 'key=%00'],
    ['a word that no table can be', 'Leads%22=1'],
    ['an id that is too long', `person=${'x'.repeat(129)}`],
  ])('refuses to look for %s, and asks nothing of the database', async (_what, query) => {
    const before = await looks()
    const { status, body } = await as('org-1', `/api/admin/timeline?${query}`)
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED'])
    expect(await looks()).toEqual(before)
  })

  it('shows nothing where the look cannot be written down', async () => {
    const { database } = api.dependencies
    await database.script('alter table sync.audit rename to audit_away')
    expect((await as('org-1', `/api/admin/timeline?key=${key}`)).status).toBe(500)
    await database.script('alter table sync.audit_away rename to audit')
  })
})
