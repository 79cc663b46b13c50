import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import type { SmsVerdict } from '../judgeCarrierAnswer.js'
import { openForMs } from './openForMs.js'
import { type BreakerChange, TwilioCircuitBreaker } from './TwilioCircuitBreaker.js'
import { WindowBreaker } from './WindowBreaker.js'

const FAILED: SmsVerdict = { kind: 'indeterminate', reason: 'http-503', breaker: 'failure' }
const ACCEPTED: SmsVerdict = { kind: 'accepted', sid: 'SM1', breaker: 'success' }
const WRONG_NUMBER: SmsVerdict = { kind: 'failed', errorCode: 21211, reason: '', optedOut: false, breaker: 'success' }
const RATE_LIMITED: SmsVerdict = { kind: 'postpone', reason: 'rate-limited', breaker: 'none' }
const BAD_CREDENTIALS: SmsVerdict = { kind: 'postpone', reason: 'bad-credentials', breaker: 'isolate' }

let breaker: TwilioCircuitBreaker
let changes: BreakerChange[]

beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 })
  breaker = new TwilioCircuitBreaker()
  changes = []
  breaker.onChange((change) => changes.push(change))
})

afterEach(() => {
  jest.useRealTimers()
})

const call = (verdict: SmsVerdict) => breaker.execute(async () => verdict)
const fail = async (times: number) => {
  for (let index = 0; index < times; index += 1) await call(FAILED)
}

describe('the circuit breaker', () => {
  it('opens at the fifth failure within 60 s, whatever succeeded between', async () => {
    await fail(4)
    await call(ACCEPTED)
    expect(breaker.getState()).toBe('CLOSED')
    jest.advanceTimersByTime(59_000)
    await fail(1)
    expect(breaker.getState()).toBe('OPEN')
    expect(breaker.status()).toEqual({
      state: 'OPEN',
      openedAt: new Date(1_059_000).toISOString(),
      retryAt: new Date(1_089_000).toISOString(),
      failuresInWindow: 5,
    })
  })

  it('is open no longer for a clock that was put back, and tells nobody to wait for as long', async () => {
    await fail(5)
    jest.setSystemTime(1_000_000 - 3_600_000)
    expect([breaker.getState(), breaker.refuse()]).toEqual(['OPEN', { retryAfterMs: 300_000 }])
    expect(await call(ACCEPTED)).toBeNull()
    jest.advanceTimersByTime(32_000)
    expect([breaker.refuse(), await call(ACCEPTED), breaker.getState()]).toEqual([null, ACCEPTED, 'CLOSED'])
  })

  it('counts no failure of before a clock was put back as one of the last minute', async () => {
    await fail(4)
    jest.setSystemTime(1_000_000 - 3_600_000)
    await fail(1)
    expect([breaker.getState(), breaker.status().failuresInWindow]).toEqual(['CLOSED', 1])
  })

  it('stays closed when five failures take longer than 60 s', async () => {
    for (let index = 0; index < 20; index += 1) {
      await fail(1)
      jest.advanceTimersByTime(15_001)
    }
    expect(breaker.getState()).toBe('CLOSED')
    expect(breaker.status().failuresInWindow).toBe(3)
  })

  it('does not mind wrong numbers and rate limits: they say nothing about the service', async () => {
    for (let index = 0; index < 20; index += 1) await call(index % 2 === 0 ? WRONG_NUMBER : RATE_LIMITED)
    expect(breaker.getState()).toBe('CLOSED')
  })

  it('makes no call and tells when to come back while it is open', async () => {
    await fail(5)
    const made = jest.fn(async () => ACCEPTED)
    jest.advanceTimersByTime(10_000)
    expect(await breaker.execute(made)).toBeNull()
    expect(made).not.toHaveBeenCalled()
    expect(breaker.refuse()).toEqual({ retryAfterMs: 20_000 })
  })

  it('lets one probe through when half-open and refuses everyone else at once', async () => {
    await fail(5)
    jest.advanceTimersByTime(30_000)
    expect(breaker.getState()).toBe('HALF_OPEN')
    expect(breaker.refuse()).toBeNull()
    expect(breaker.refuse()).toEqual({ retryAfterMs: 10_000 })
    let answer: (verdict: SmsVerdict) => void = () => undefined
    const probe = breaker.execute(() => new Promise((resolve) => (answer = resolve)))
    expect(await call(ACCEPTED)).toBeNull()
    expect(breaker.refuse()).not.toBeNull()
    answer(ACCEPTED)
    expect(await probe).toEqual(ACCEPTED)
    expect(breaker.getState()).toBe('CLOSED')
    expect(breaker.refuse()).toBeNull()
    expect(breaker.status().failuresInWindow).toBe(0)
  })

  it('hands the probe on when whoever held it did not call', async () => {
    await fail(5)
    jest.advanceTimersByTime(30_000)
    expect(breaker.refuse()).toBeNull()
    breaker.giveBack()
    expect(breaker.refuse()).toBeNull()
    jest.advanceTimersByTime(10_000)
    expect(breaker.refuse()).toBeNull()
  })

  it('doubles its open time with each failed probe, up to five minutes, and starts anew after a success', async () => {
    await fail(5)
    for (const openMs of [30_000, 60_000, 120_000, 240_000, 300_000, 300_000]) {
      jest.advanceTimersByTime(openMs - 1)
      expect(breaker.getState()).toBe('OPEN')
      jest.advanceTimersByTime(1)
      expect(breaker.getState()).toBe('HALF_OPEN')
      await fail(1)
    }
    jest.advanceTimersByTime(300_000)
    await call(ACCEPTED)
    await fail(5)
    expect(breaker.refuse()).toEqual({ retryAfterMs: 30_000 })
  })

  it('is held open by bad credentials until it is reset', async () => {
    await call(BAD_CREDENTIALS)
    expect([breaker.getState(), breaker.isIsolated]).toEqual(['OPEN', true])
    jest.advanceTimersByTime(60 * 60_000)
    expect(breaker.refuse()).toEqual({ retryAfterMs: 60_000 })
    expect(breaker.status()).not.toHaveProperty('retryAt')
    breaker.reset()
    expect([breaker.getState(), breaker.isIsolated]).toEqual(['CLOSED', false])
  })

  it('tells of each change once', async () => {
    await fail(5)
    jest.advanceTimersByTime(30_000)
    await call(ACCEPTED)
    breaker.isolate()
    breaker.isolate()
    breaker.reset()
    breaker.reset()
    await fail(5)
    breaker.reset()
    expect(changes.map(({ state, isolated }) => (isolated ? `${state} by hand` : state))).toEqual([
      'OPEN',
      'HALF_OPEN',
      'CLOSED',
      'OPEN by hand',
      'CLOSED',
      'OPEN',
      'CLOSED',
    ])
  })

  it('forgets what failed when it is reset', async () => {
    await fail(4)
    breaker.reset()
    await fail(4)
    expect(breaker.getState()).toBe('CLOSED')
  })
})

describe('WindowBreaker', () => {
  it.each([
    { threshold: 0, windowMs: 1 },
    { threshold: 1.5, windowMs: 1 },
    { threshold: 1, windowMs: 0 },
  ])('refuses %j', (options) => {
    expect(() => new WindowBreaker(options)).toThrow(RangeError)
  })

  it('keeps its failures over a snapshot of the circuit', () => {
    const first = new WindowBreaker({ threshold: 2, windowMs: 1_000 })
    first.failure(0)
    const second = new WindowBreaker({ threshold: 2, windowMs: 1_000 })
    second.state = first.state
    expect(second.failuresInWindow).toBe(1)
    second.state = 'nonsense'
    expect(second.failuresInWindow).toBe(0)
  })
})

it('openForMs refuses a count below 1', () => {
  expect(() => openForMs(0)).toThrow(RangeError)
})
