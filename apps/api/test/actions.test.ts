import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { aKey, startTestApi, type TestApi } from './harness.js'

let api: TestApi

beforeAll(async () => {
  api = await startTestApi()
})

afterAll(() => api.stop())

describe('booking.confirm', () => {
  it('confirms in the name of the caller and gives the same bytes to the same key', async () => {
    const key = aKey()
    const body = { appointmentId: 'apt-123', notes: 'Client confirmed via phone' }
    const first = await api.request('/api/bookings/confirm', { key, body })
    const second = await api.request('/api/bookings/confirm', { key, body })
    expect(first.status).toBe(200)
    expect(first.body).toMatchObject({ success: true, appointment: { id: 'apt-123', status: 'confirmed', confirmed_by: 'user-456' } })
    expect(second.text).toBe(first.text)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect(second.headers.get('idempotency-key')).toBe(key)
  })

  it('makes forty parallel requests with one key one effect', async () => {
    const key = aKey()
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => api.request('/api/bookings/confirm', { key, body: { appointmentId: 'apt-124' } })),
    )
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200))
    expect(answers[0]?.body.appointment.version).toBe(2)
  })
})

describe('sms.send', () => {
  it('answers 200 with the guide’s body once Twilio accepted it', async () => {
    const answer = await api.request('/api/leads/send-sms', { key: aKey(), body: { leadId: 'lead-123', message: 'Hi Anna' } })
    expect(answer.status).toBe(200)
    expect(answer.body.sms).toMatchObject({ leadId: 'lead-123', message: 'Hi Anna', status: 'pending' })
    expect(api.twilio.messages().map(({ body }) => body)).toEqual(['Hi Anna'])
  })
})
