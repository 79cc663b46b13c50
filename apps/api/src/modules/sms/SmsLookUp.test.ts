import { beforeEach, describe, expect, it } from '@jest/globals'
import { FakeOutbox } from '../../../test/support/FakeOutbox.js'
import type { BreakerState } from './breaker/TwilioCircuitBreaker.js'
import type { SmsCarrier, SmsFate } from './SmsCarrier.js'
import { SmsLookUp } from './SmsLookUp.js'

let outbox: FakeOutbox
let state: BreakerState
let now: number
let outcomes: string[]
let asked: string[]
let answer: (sid: string) => SmsFate | Error
let lookUp: SmsLookUp

beforeEach(() => {
  outbox = new FakeOutbox()
  state = 'CLOSED'
  now = 0
  outcomes = []
  asked = []
  answer = () => ({ status: 'delivered', errorCode: null })
  lookUp = new SmsLookUp({
    outbox,
    breaker: { getState: () => state },
    carrier,
    now: () => now,
    batch: 3,
    events: { onLookedUp: (id, outcome, reason) => void outcomes.push([id, outcome, reason].filter(Boolean).join(' ')) },
  })
})

const carrier: SmsCarrier = {
  send: () => Promise.reject(new Error('not here')),
  listTo: () => Promise.reject(new Error('not here')),
  lookUp: async (sid) => {
    asked.push(sid)
    const given = answer(sid)
    if (given instanceof Error) throw given
    return given
  },
}

const twilioError = (status: number, code?: number) => Object.assign(new Error('as Twilio said'), { status, code })

/** `count` more rows are due. */
function due(count: number): void {
  for (let n = 1; n <= count; n += 1) outbox.unreported.push({ id: `sms-${n}`, sid: `SM${n}` })
}

describe('an SMS without a final status', () => {
  it.each([
    ['delivered', null],
    ['undelivered', 30003],
  ])('gets what the carrier says of its sid, whole: %s %s', async (status, errorCode) => {
    due(1)
    answer = () => ({ status, errorCode })
    expect(await lookUp.lookUpDue()).toBe(1)
    expect([asked, outbox.calls.at(-1), outcomes]).toEqual([['SM1'], `looked up sms-1 ${status} ${errorCode}`, ['sms-1 news']])
  })

  it('is asked for in small batches', async () => {
    due(5)
    expect([await lookUp.lookUpDue(), await lookUp.lookUpDue(), await lookUp.lookUpDue()]).toEqual([3, 2, 0])
  })

  it.each([
    [404, 20404],
    [410, 20404],
  ])('that the carrier does not know (%d/%d) is done with for now, and holds up nobody', async (status, code) => {
    due(2)
    answer = (sid) => (sid === 'SM1' ? twilioError(status, code) : { status: 'delivered', errorCode: null })
    await lookUp.lookUpDue()
    expect([...outcomes].sort()).toEqual(['sms-1 not-known', 'sms-2 news'])
    expect(outbox.calls).toContain('not known sms-1')
  })
})

describe('a carrier that does not answer', () => {
  it.each([
    ['http-401', twilioError(401, 20003)],
    ['http-403', twilioError(403, 20005)],
    ['http-429', twilioError(429, 20429)],
    ['http-503', twilioError(503, 20503)],
    ['http-404', twilioError(404)],
    ['ECONNREFUSED', Object.assign(new Error(), { code: 'ECONNREFUSED' })],
  ])('(%s) is left alone for a while, ever longer, and what was due stays due', async (reason, error) => {
    due(10)
    answer = () => error
    await lookUp.lookUpDue()
    expect(outcomes).toEqual([1, 2, 3].map((n) => `sms-${n} failed ${reason}`))
    expect(outbox.calls).toEqual(['claimUnreported 3'])
    now = 59_999
    expect(await lookUp.lookUpDue()).toBe(0)
    now = 60_000
    // One is enough to see whether it answers.
    expect(await lookUp.lookUpDue()).toBe(1)
    now = 60_000 + 119_999
    expect(await lookUp.lookUpDue()).toBe(0)
    now = 60_000 + 120_000
    expect(await lookUp.lookUpDue()).toBe(1)
    expect(asked).toHaveLength(5)
  })

  it('is asked as before once it answers', async () => {
    due(8)
    answer = () => twilioError(503)
    await lookUp.lookUpDue()
    now = 60_000
    answer = () => ({ status: 'delivered', errorCode: null })
    expect([await lookUp.lookUpDue(), await lookUp.lookUpDue()]).toEqual([1, 3])
  })
})

describe('the circuit', () => {
  it.each([
    ['OPEN', 0],
    ['HALF_OPEN', 1],
    ['CLOSED', 3],
  ] as const)('being %s, %d are asked for', async (breakerState, count) => {
    due(5)
    state = breakerState
    await lookUp.lookUpDue()
    expect(asked).toHaveLength(count)
  })
})
