import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { TwilioCircuitBreaker } from '../src/modules/sms/breaker/TwilioCircuitBreaker.js'
import { aKey, startTestApi, type TestApi } from './harness.js'
import { until } from './support/until.js'

const breaker = new TwilioCircuitBreaker()
let api: TestApi

beforeAll(async () => {
  api = await startTestApi({ overrides: { breaker } })
})

afterEach(async () => {
  await api.twilio.setFaults()
  breaker.reset()
})

afterAll(() => api.stop())

type User = 'ana' | 'ben'

const send = (message: string, { key = aKey(), user = 'ana', leadId = 'lead-123', ...more }: SendOptions = {}) =>
  api.request('/api/leads/send-sms', { key, user, body: { leadId, message, ...more } })
interface SendOptions {
  key?: string
  user?: User
  leadId?: string
  again?: boolean
}
const resolve = (key: string, user: User = 'ana') => api.request(`/api/mutations/${key}/resolve`, { user, method: 'POST' })
const accepted = (body: string) => api.twilio.messages().filter((message) => message.body === body)
const historyOf = async (message: string) =>
  (await api.request('/api/leads/lead-123/sms-history')).body.sms_messages.filter((row: { message: string }) => row.message === message)

describe('the same text to the same lead', () => {
  it('by two people within a second is one SMS; the second is told so, and whose it is', async () => {
    const [ana, ben] = await Promise.all([send('Two of us'), send('Two of us', { user: 'ben' })])
    expect([ana.status, ben.status]).toEqual([200, 200])
    expect(accepted('Two of us')).toHaveLength(1)
    const [first, second] = ana.body.duplicate === true ? [ben, ana] : [ana, ben]
    expect(first.body).not.toHaveProperty('duplicate')
    expect(second.body).toMatchObject({ success: true, duplicate: true, sentBy: ana === first ? 'user-456' : 'user-789' })
    expect(second.body.sms.id).toBe(first.body.sms.id)
    expect(await historyOf('Two of us')).toHaveLength(1)
  })

  it('by one person from two devices is one SMS, and the second key gets its own answer for ever', async () => {
    const key = aKey()
    await send('Two devices')
    const second = await send('Two devices', { key })
    expect(second.headers.get('idempotency-outcome')).toBe('recorded')
    expect((await send('Two devices', { key })).text).toBe(second.text)
    expect(accepted('Two devices')).toHaveLength(1)
  })

  it('goes out again for who insists', async () => {
    await send('Once more')
    const insisted = await send('Once more', { user: 'ben', again: true })
    expect([insisted.status, insisted.body.duplicate]).toEqual([200, undefined])
    expect(accepted('Once more')).toHaveLength(2)
  })

  it('is refused where "again" is no yes or no', async () => {
    expect((await send('Hi', { again: 'please' as never })).body.code).toBe('VALIDATION_FAILED')
  })

  it('that was rejected may be sent again at once', async () => {
    await api.twilio.setFaults({ mode: 'error', code: 21614, times: 1 })
    expect((await send('Rejected first')).status).toBe(422)
    expect(await send('Rejected first', { user: 'ben' })).toMatchObject({ status: 200 })
    expect(accepted('Rejected first')).toHaveLength(1)
  })
})

describe('an SMS that waits at the server', () => {
  it('can be cancelled, and says so', async () => {
    await api.twilio.setFaults({ mode: 'error', status: 503 })
    const key = aKey()
    const waiting = await send('Take me back', { key })
    expect([waiting.status, waiting.body.sms.state]).toEqual([202, 'pending'])
    expect((await resolve(key)).body).toMatchObject({ state: 'abandoned', status: 410 })
    await api.twilio.setFaults()
    const answer = await send('Take me back', { key })
    expect([answer.status, answer.body.code, answer.body.sms.status]).toEqual([410, 'ACTION_ABANDONED', 'cancelled'])
    expect(await historyOf('Take me back')).toMatchObject([{ status: 'cancelled' }])
    expect(accepted('Take me back')).toEqual([])
  })

  it('is not taken from one person by the other', async () => {
    await api.twilio.setFaults({ mode: 'error', status: 503 })
    const [ana, ben] = [aKey(), aKey()]
    await send('Still wanted', { key: ana })
    await send('Still wanted', { key: ben, user: 'ben' })
    expect((await resolve(ana)).body).toMatchObject({ state: 'abandoned' })
    await api.twilio.setFaults()
    await until(async () => (await send('Still wanted', { key: ben, user: 'ben' })).status === 200)
    expect(accepted('Still wanted')).toHaveLength(1)
    expect((await send('Still wanted', { key: ana })).status).toBe(410)
  })

  it('is tried again within seconds by itself', async () => {
    await api.twilio.setFaults({ mode: 'error', status: 503, times: 1 })
    const key = aKey()
    expect((await send('A clean 503', { key })).status).toBe(202)
    await until(async () => (await send('A clean 503', { key })).status === 200)
    expect(accepted('A clean 503')).toHaveLength(1)
  })
})
