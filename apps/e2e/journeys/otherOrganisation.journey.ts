import { randomUUID } from 'node:crypto'
import { acceptedMessages, apiOf } from '../harness/apiOf.js'
import { expect, test } from '../harness/journey.js'

test.use({ file: import.meta.url })

test('eve sees no row of the other organisation', async ({ demo }) => {
  const eve = await apiOf(demo.url, 'eve')
  const ana = await apiOf(demo.url, 'ana')

  const hers = await eve.leads()
  const theirs = await ana.leads()

  expect(hers.map(({ org_id: orgId }) => orgId)).toEqual(hers.map(() => 'org-2'))
  expect(hers.filter(({ id }) => theirs.some((lead) => lead.id === id))).toEqual([])
  expect((await eve.get('/api/leads/lead-123/sms-history')).status).toBe(404)
})

test('eve changes no row of the other organisation, by any route', async ({ demo }) => {
  const eve = await apiOf(demo.url, 'eve')
  const ana = await apiOf(demo.url, 'ana')
  const before = [await ana.leads(), await ana.appointment('apt-125')]
  const sent = (await acceptedMessages(demo.url)).length

  const attempts = [
    await eve.post('/api/bookings/confirm', { appointmentId: 'apt-125' }),
    await eve.post('/api/leads/update-status', { leadId: 'lead-125', status: 'lost' }),
    await eve.post('/api/leads/update-status', { leadId: 'lead-125', status: 'lost' }, null),
    await eve.post('/api/leads/lead-125/update-status', { status: 'lost' }),
    await eve.post('/api/leads/send-sms', { leadId: 'lead-125', message: 'Hello' }),
  ]
  const bulk = await eve.post('/api/leads/update-status', { leadIds: ['lead-125', 'lead-901'], status: 'negotiating' })

  expect(attempts.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
  expect(JSON.parse(bulk.body)).toMatchObject({ updated: 1, failed: 1, failures: [{ leadId: 'lead-125', code: 'NOT_FOUND' }] })
  expect([await ana.leads(), await ana.appointment('apt-125')]).toEqual(before)
  expect(await acceptedMessages(demo.url)).toHaveLength(sent)
})

test('a key of ana is nothing to eve: neither an answer nor a way to stop it', async ({ demo }) => {
  const eve = await apiOf(demo.url, 'eve')
  const ana = await apiOf(demo.url, 'ana')
  const key = randomUUID()
  const confirmed = await ana.post('/api/bookings/confirm', { appointmentId: 'apt-124' }, key)

  const replay = await eve.post('/api/bookings/confirm', { appointmentId: 'apt-124' }, key)
  const look = await eve.get(`/api/mutations/${key}`)

  expect(confirmed.status).toBe(200)
  expect(replay.status).toBe(404)
  expect(look.body).not.toContain('apt-124')
})

test('nobody sees anything without a token', async ({ demo }) => {
  for (const path of ['/api/leads', '/api/appointments', '/api/session', '/api/sync/changes', '/api/leads/lead-123/sms-history']) {
    const response = await fetch(demo.url + path)
    expect([path, response.status]).toEqual([path, 401])
  }
})
