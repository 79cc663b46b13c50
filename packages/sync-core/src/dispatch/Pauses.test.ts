import { expect, test } from '@jest/globals'
import type { Outcome } from '../retry/classifyOutcome.js'
import type { Decision } from '../retry/decideRetry.js'
import { aMutation } from '../testing/aMutation.js'
import { Pauses } from './Pauses.js'

const sms = aMutation({ action: 'sms.send' })
const retryAt = (at: number): Decision => ({
  next: 'retry',
  at,
  ambiguous: false,
  strikes: sms.strikes,
  error: { kind: '', status: null, code: '', at: 0 },
})
const lost: Outcome = { kind: 'transport', status: null, code: 'OFFLINE', strike: null }
const pause = (scope: 'action' | 'origin', code: string): Outcome => ({ kind: 'pause', scope, status: 503, code, retryAfterMs: 30_000 })
const success: Outcome = { kind: 'success', status: 200, body: {}, replayed: false }
const settled: Decision = {
  next: 'settle',
  proven: true,
  result: { outcome: 'success', status: 200, code: null, body: {}, replayed: false, at: 0 },
}

test('after five transport failures in a row one probe runs at a time, until anything gets through', () => {
  const pauses = new Pauses(4)
  for (let failure = 1; failure <= 5; failure++) {
    expect(pauses.parallel).toBe(4)
    pauses.note(sms, lost, retryAt(0), 0)
  }
  expect(pauses.parallel).toBe(1)
  pauses.note(sms, success, settled, 0)
  expect(pauses.parallel).toBe(4)
})

test('an open breaker rests its action, another 503 the origin', () => {
  const pauses = new Pauses(4)
  pauses.note(sms, pause('action', 'CIRCUIT_BREAKER_OPEN'), retryAt(30_000), 0)
  expect([pauses.notBefore('sms.send', 0), pauses.notBefore('booking.confirm', 0)]).toEqual([30_000, 0])
  expect([pauses.circuitUntil('sms.send', 0), pauses.circuitUntil('sms.send', 30_000)]).toEqual([30_000, null])
  pauses.note(sms, pause('origin', 'STORE_UNAVAILABLE'), retryAt(9_000), 0)
  expect(pauses.notBefore('booking.confirm', 0)).toBe(9_000)
})

test('a clock that steps back two hours ends a pause instead of stretching it', () => {
  const pauses = new Pauses(4)
  pauses.note(sms, pause('origin', 'STORE_UNAVAILABLE'), retryAt(7_230_000), 7_200_000)
  expect(pauses.notBefore('sms.send', 0)).toBe(0)
})
