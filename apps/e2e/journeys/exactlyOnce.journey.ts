import { randomUUID } from 'node:crypto'
import { acceptedMessages, apiOf } from '../harness/apiOf.js'
import { expect, test } from '../harness/journey.js'

test.use({ file: import.meta.url })

const FORTY = Array.from({ length: 40 })

test('the same key sent twice gives identical bytes and one effect', async ({ demo }) => {
  const ana = await apiOf(demo.url, 'ana')
  const key = randomUUID()
  const body = { appointmentId: 'apt-1' }

  const first = await ana.post('/api/bookings/confirm', body, key)
  const second = await ana.post('/api/bookings/confirm', body, key)

  expect(first.status).toBe(200)
  expect(second).toMatchObject({ status: 200, body: first.body })
  expect(first.headers.get('idempotent-replayed')).toBeNull()
  expect(second.headers.get('idempotent-replayed')).toBe('true')
  expect((await ana.appointment('apt-1')).version).toBe(2)
})

test('forty parallel requests with one key confirm a booking once', async ({ demo }) => {
  const ana = await apiOf(demo.url, 'ana')
  const key = randomUUID()

  const answers = await Promise.all(FORTY.map(() => ana.post('/api/bookings/confirm', { appointmentId: 'apt-2' }, key)))

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
  expect(await ana.appointment('apt-2')).toMatchObject({
    status: 'confirmed',
    version: 2,
    confirmed_by: 'user-456',
    last_mutation_key: key,
  })
})

test('forty parallel requests with one key send one SMS', async ({ demo }) => {
  const ana = await apiOf(demo.url, 'ana')
  const key = randomUUID()
  const message = `Forty clicks, one message (${key})`

  const send = () => ana.post('/api/leads/send-sms', { leadId: 'lead-4', message }, key)
  const answers = await Promise.all(FORTY.map(send))

  await expect.poll(async () => (await send()).status).toBe(200)
  const { body: last } = await send()
  // Where the machine is busy some learn that it is under way, and are told when to ask again.
  for (const { status, body, headers } of answers) {
    expect([200, 202, 409]).toContain(status)
    expect(status === 200 ? body : headers.get('retry-after')).toEqual(status === 200 ? last : expect.any(String))
  }
  expect((await acceptedMessages(demo.url)).filter(({ body }) => body === message)).toHaveLength(1)
  expect((await ana.smsHistory('lead-4')).filter((sms) => sms.message === message)).toHaveLength(1)
})

test('forty parallel requests with one key change a status once', async ({ demo }) => {
  const ana = await apiOf(demo.url, 'ana')
  const key = randomUUID()

  const answers = await Promise.all(FORTY.map(() => ana.post('/api/leads/update-status', { leadId: 'lead-5', status: 'qualified' }, key)))

  expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
  expect(await ana.lead('lead-5')).toMatchObject({ status: 'qualified', version: 2 })
})

test('forty clicks on one booking, each with its own key, confirm it once and tell the others', async ({ demo }) => {
  const ana = await apiOf(demo.url, 'ana')

  const answers = await Promise.all(FORTY.map(() => ana.post('/api/bookings/confirm', { appointmentId: 'apt-3' })))

  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ status, body }) => status === 409 && JSON.parse(body).code === 'ALREADY_CONFIRMED')).toHaveLength(39)
  expect((await ana.appointment('apt-3')).version).toBe(2)
})

test('a key used again for something else is refused and changes nothing', async ({ demo }) => {
  const ana = await apiOf(demo.url, 'ana')
  const key = randomUUID()
  await ana.post('/api/leads/update-status', { leadId: 'lead-6', status: 'contacted' }, key)

  const { status, body } = await ana.post('/api/leads/update-status', { leadId: 'lead-6', status: 'lost' }, key)

  expect([status, JSON.parse(body).code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
  expect((await ana.lead('lead-6')).status).toBe('contacted')
})
