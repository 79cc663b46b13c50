import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { twilioSignature } from '@org/stand-ins'
import twilio from 'twilio'
import { TwilioCircuitBreaker } from '../src/modules/sms/breaker/TwilioCircuitBreaker.js'
import { aKey, startTestApi, type TestApi } from './harness.js'
import { until } from './support/until.js'

const breaker = new TwilioCircuitBreaker()
let api: TestApi

beforeAll(async () => {
  api = await startTestApi({ env: { SMS_LIMIT_USER_PER_MINUTE: '60' }, overrides: { breaker } })
})

afterEach(async () => {
  await api.twilio.setFaults()
  breaker.reset()
})

afterAll(() => api.stop())

const send = (message: string, { key = aKey(), leadId = 'lead-123', user = 'ana' as const } = {}) =>
  api.request('/api/leads/send-sms', { key, user, body: { leadId, message } })
const accepted = (body: string) => api.twilio.messages().filter((message) => message.body === body)
const historyOf = async (leadId: string) => (await api.request(`/api/leads/${leadId}/sms-history`)).body.sms_messages
const rowOf = async (message: string, leadId = 'lead-123') =>
  (await historyOf(leadId)).find((row: { message: string }) => row.message === message)

describe('an SMS', () => {
  it('is answered 200 with the guide’s body, delivered later, and the same key gets the first answer', async () => {
    const key = aKey()
    const first = await send('Your appointment is confirmed', { key })
    expect(first.status).toBe(200)
    expect(first.body).toMatchObject({
      success: true,
      sms: {
        id: expect.any(String),
        leadId: 'lead-123',
        message: 'Your appointment is confirmed',
        status: 'pending',
        sentAt: expect.any(String),
      },
    })
    expect(first.headers.get('sms-breaker')).toBe('CLOSED')
    expect([first.headers.get('idempotency-outcome'), first.headers.get('idempotent-replayed')]).toEqual(['recorded', null])
    await until(async () => (await rowOf('Your appointment is confirmed')).status === 'delivered')
    const again = await send('Your appointment is confirmed', { key })
    expect(again.text).toBe(first.text)
    expect(again.headers.get('sms-breaker')).toBe('CLOSED')
    expect(accepted('Your appointment is confirmed')).toHaveLength(1)
  })

  it('to forty requests with one key goes out once', async () => {
    const key = aKey()
    const answers = await Promise.all(Array.from({ length: 40 }, () => send('Forty times', { key })))
    await until(async () => (await send('Forty times', { key })).status === 200)
    const { text } = await send('Forty times', { key })
    // Where the machine is busy, some learn that it is under way: that has no bytes of its own.
    for (const answer of answers) {
      if (answer.status === 200) expect(answer.text).toBe(text)
      else {
        expect([202, 409]).toContain(answer.status)
        expect([answer.headers.get('retry-after'), answer.headers.get('idempotency-outcome')]).toEqual([expect.any(String), null])
      }
    }
    expect(accepted('Forty times')).toHaveLength(1)
  })

  it('to a number Twilio does not know is rejected with its reason, and says nothing about the service', async () => {
    for (let index = 0; index < 6; index += 1) {
      await api.twilio.setFaults({ mode: 'error', code: 21211, times: 1 })
      const answer = await send(`Wrong number ${index}`)
      expect([answer.status, answer.body.code]).toEqual([422, 'SMS_REJECTED'])
      expect(answer.body.error).toMatch(/rejected/)
    }
    expect((await api.request('/api/status/sms')).body).toEqual({ state: 'CLOSED', failuresInWindow: 0 })
  })

  it('that Twilio certainly did not get waits and goes out by itself', async () => {
    await api.twilio.setFaults({ mode: 'refused' })
    const key = aKey()
    const waiting = await send('Waits for the port', { key })
    expect(waiting.status).toBe(202)
    expect(waiting.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(waiting.headers.get('idempotency-outcome')).toBeNull()
    expect(waiting.body.sms.status).toBe('pending')
    await api.twilio.setFaults()
    await until(async () => (await send('Waits for the port', { key })).status === 200)
    expect(accepted('Waits for the port')).toHaveLength(1)
  })

  it('whose answer was lost is recovered by its callback, and went out once', async () => {
    await api.twilio.setFaults({ mode: 'lost-response', times: 1 })
    const key = aKey()
    const lost = await send('The answer gets lost', { key })
    expect([200, 202]).toContain(lost.status)
    await until(async () => (await send('The answer gets lost', { key })).status === 200)
    expect(accepted('The answer gets lost')).toHaveLength(1)
    await until(async () => (await rowOf('The answer gets lost')).status === 'delivered')
  })

  it('of another organisation’s lead does not exist', async () => {
    const answer = await api.request('/api/leads/send-sms', { key: aKey(), user: 'eve', body: { leadId: 'lead-123', message: 'Hi' } })
    expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND'])
  })
})

describe('while Twilio is ill', () => {
  it('the circuit opens, refuses new SMS before anything is written, and keeps what it owns', async () => {
    await api.twilio.setFaults({ mode: 'refused' })
    const owned = aKey()
    for (let index = 0; index < 5; index += 1) await send(`Ill ${index}`, index === 0 ? { key: owned } : {})
    const status = await api.request('/api/status/sms')
    expect(status.body).toMatchObject({ state: 'OPEN', openedAt: expect.any(String), retryAt: expect.any(String), failuresInWindow: 5 })

    const key = aKey()
    const refused = await send('Refused while open', { key })
    expect(refused.status).toBe(503)
    expect(refused.body).toEqual({
      success: false,
      error: 'SMS service temporarily unavailable',
      code: 'CIRCUIT_BREAKER_OPEN',
      retryable: true,
      retrying: true,
      retryAfterMs: expect.any(Number),
    })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(20)
    expect(refused.headers.get('sms-breaker')).toBe('OPEN')
    expect(await rowOf('Refused while open')).toBeUndefined()
    expect((await api.request(`/api/mutations/${key}`)).status).toBe(404)

    expect((await send('Ill 0', { key: owned })).status).toBe(202)
    await api.twilio.setFaults()
    breaker.reset()
    expect((await send('Refused while open', { key })).status).toBe(200)
    await until(async () => (await send('Ill 0', { key: owned })).status === 200)
    expect(accepted('Ill 0')).toHaveLength(1)
  })

  it('an operator can hold the circuit open and close it, and nobody else', async () => {
    const authorization = `Bearer ${await api.identity.issueServiceToken()}`
    const admin = (verb: string, headers = { authorization }) =>
      api.request(`/api/admin/sms-breaker/${verb}`, { user: null, method: 'POST', headers })
    expect((await api.request('/api/admin/sms-breaker/isolate', { method: 'POST' })).body.code).toBe('FORBIDDEN')
    expect((await admin('isolate')).body.state).toBe('OPEN')
    expect((await send('Held back')).status).toBe(503)
    expect((await admin('reset')).body.state).toBe('CLOSED')
  })
})

describe('a Twilio webhook', () => {
  const post = (path: string, form: Record<string, string>, token: string, signedUrl = `${api.url}${path}`) =>
    fetch(`${api.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': twilioSignature(token, signedUrl, form),
      },
      body: new URLSearchParams(form),
    })

  it('with a good signature moves a status forward and never back', async () => {
    const { body } = await send('Watch the status')
    const path = `/api/webhooks/twilio/status?mid=${body.sms.id}&attempt=1`
    await until(async () => (await rowOf('Watch the status')).status === 'delivered')
    const { sid } = accepted('Watch the status')[0] ?? { sid: '' }
    const late = await post(path, { MessageSid: sid, MessageStatus: 'sent' }, api.twilio.authToken)
    expect(late.status).toBe(204)
    expect((await rowOf('Watch the status')).status).toBe('delivered')
  })

  it('with a bad signature, for another address, or without one changes nothing', async () => {
    const { body } = await send('Do not touch')
    const path = `/api/webhooks/twilio/status?mid=${body.sms.id}&attempt=1`
    const form = { MessageSid: accepted('Do not touch')[0]?.sid ?? '', MessageStatus: 'failed', ErrorCode: '30003' }
    const forged = await post(path, form, 'another-token')
    const elsewhere = await post(path, form, api.twilio.authToken, `https://evil.example${path}`)
    const unsigned = await fetch(api.url + path, { method: 'POST', body: new URLSearchParams(form) })
    expect([forged.status, elsewhere.status, unsigned.status]).toEqual([403, 403, 403])
    expect(await forged.json()).toMatchObject({ code: 'FORBIDDEN' })
    expect((await rowOf('Do not touch')).status).not.toBe('failed')
  })

  it.each<[string, Record<string, string>]>([
    ['attempt=1e20', {}],
    ['attempt=-1', {}],
    ['attempt=2147483648', {}],
    ['attempt=1', { ErrorCode: 'abc' }],
    ['attempt=1', { ErrorCode: '1e20' }],
    ['attempt=1', { ErrorCode: '30003\0' }],
    ['attempt=1', { MessageSid: 'SM\0' }],
    ['attempt=1', { MessageSid: `SM${'f'.repeat(100)}` }],
    ['attempt=1', { MessageStatus: 'failed\0' }],
    ['attempt=1&mid=another', {}],
  ])('that is signed but makes no sense (%s, %j) is no failure of ours', async (query, fields) => {
    const { body } = await send('Nonsense about me')
    const form = { MessageSid: 'SMffffffffffffffffffffffffffffffff', MessageStatus: 'sent', ...fields }
    const { status } = await post(`/api/webhooks/twilio/status?mid=${body.sms.id}&${query}`, form, api.twilio.authToken)
    expect([204, 400]).toContain(status)
    const about = await post(`/api/webhooks/twilio/status?mid=no%00such&${query}`, form, api.twilio.authToken)
    expect([204, 400]).toContain(about.status)
  })

  it.each(['+1202\0', '\0', `+1${'2'.repeat(150)}`, 'nobody'])('that brings a STOP of %j is no failure of ours', async (from) => {
    const { status } = await post('/api/webhooks/twilio/inbound', { From: from, Body: 'STOP' }, api.twilio.authToken)
    expect([204, 400]).toContain(status)
  })

  it('with a field given twice is no failure of ours', async () => {
    const path = '/api/webhooks/twilio/inbound'
    const signature = twilio.getExpectedTwilioSignature(api.twilio.authToken, `${api.url}${path}`, {
      From: ['+1', '+2'],
      Body: ['STOP', 'STOP'],
    })
    const answer = await fetch(`${api.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature },
      body: 'From=%2B1&From=%2B2&Body=STOP&Body=STOP',
    })
    expect([204, 400]).toContain(answer.status)
  })

  it('that brings a STOP ends SMS to that number until START', async () => {
    const stop = await post(
      '/api/webhooks/twilio/inbound',
      { From: '+12025550124', To: '+15005550006', Body: 'Stop' },
      api.twilio.authToken,
    )
    expect(stop.status).toBe(204)
    const refused = await send('After STOP', { leadId: 'lead-124' })
    expect([refused.status, refused.body.code]).toEqual([422, 'OPTED_OUT'])
    expect(accepted('After STOP')).toEqual([])
    await post('/api/webhooks/twilio/inbound', { From: '+12025550124', To: '+15005550006', Body: 'START' }, api.twilio.authToken)
    expect((await send('After START', { leadId: 'lead-124' })).status).toBe(200)
  })

  it('without a signature cannot stop anyone’s SMS', async () => {
    const forged = await fetch(`${api.url}/api/webhooks/twilio/inbound`, {
      method: 'POST',
      body: new URLSearchParams({ From: '+12025550125', Body: 'STOP' }),
    })
    expect(forged.status).toBe(403)
    expect((await send('Still fine', { leadId: 'lead-125' })).status).toBe(200)
  })
})

describe('the quota', () => {
  it('ends new SMS of one person in a minute, costs nothing for replays, and leaves others alone', async () => {
    // The minute must not end in the middle of the test.
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now())
    const keys = Array.from({ length: 60 }, aKey)
    const ben = (message: string, key: string) =>
      api.request('/api/leads/send-sms', { key, user: 'ben', body: { leadId: 'lead-1', message } })
    for (const key of keys.slice(0, 3)) expect((await ben('Replay me', key)).status).toBe(200)
    for (let replay = 0; replay < 70; replay += 1) expect((await ben('Replay me', keys[0] ?? '')).status).toBe(200)
    const answers = await Promise.all(keys.slice(3).map((key) => ben('Many', key)))
    expect(answers.every(({ status }) => status < 300)).toBe(true)
    const over = await ben('One too many', aKey())
    expect([over.status, over.body.code, over.body.retryable]).toEqual([429, 'RATE_LIMITED', true])
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await ben('Replay me', keys[0] ?? '')).status).toBe(200)
    expect((await send('Ana is fine')).status).toBe(200)
    clock.mockRestore()
  })
})
