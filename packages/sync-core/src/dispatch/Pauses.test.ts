import { expect, test } from '@jest/globals'
import type { Outcome } from '../retry/classifyOutcome.js'
import type { Decision } from '../retry/decideRetry.js'
import { aMutation } from '../testing/aMutation.js'
import { FakeBrowser } from '../testing/FakeBrowser.js'
import { fakeClock } from '../testing/fakeClock.js'
import { fakeRandom } from '../testing/fakeRandom.js'
import { Pauses } from './Pauses.js'

const sms = aMutation({ action: 'sms.send' })
const retryAt = (at: number): Decision => ({
  next: 'retry',
  at,
  ambiguous: false,
  strikes: sms.strikes,
  error: { kind: '', status: null, code: '', at: 0 },
})
const lost: Outcome = { kind: 'transport', status: null, code: 'OFFLINE', strike: null, retryAfterMs: null }
const pause = (scope: 'action' | 'origin', code: string): Outcome => ({ kind: 'pause', scope, status: 503, code, retryAfterMs: 30_000 })
const success: Outcome = { kind: 'success', status: 200, body: {}, replayed: false }
const settled: Decision = {
  next: 'settle',
  proven: true,
  result: { outcome: 'success', status: 200, code: null, body: {}, replayed: false, at: 0 },
}

const browser = new FakeBrowser()
const { connectivity } = browser.openTab()

function somePauses(startAt = 0) {
  const clock = fakeClock(startAt)
  return { clock, pauses: new Pauses({ clock, connectivity, random: { uniform: () => 0.5, bytes: fakeRandom().bytes }, parallel: 4 }) }
}

test('after five transport failures in a row one probe runs at a time, until anything gets through', () => {
  const { pauses } = somePauses()
  for (let failure = 1; failure <= 5; failure++) {
    expect(pauses.parallel).toBe(4)
    pauses.note(sms, lost, retryAt(0))
  }
  expect(pauses.parallel).toBe(1)
  pauses.note(sms, success, settled)
  expect(pauses.parallel).toBe(4)
})

test('an open breaker rests its action, another 503 the origin', () => {
  const { pauses, clock } = somePauses()
  pauses.note(sms, pause('action', 'CIRCUIT_BREAKER_OPEN'), retryAt(30_000))
  expect([pauses.notBefore('sms.send'), pauses.notBefore('booking.confirm')]).toEqual([30_000, 0])
  expect(pauses.circuitUntil('sms.send')).toBe(30_000)
  pauses.note(sms, pause('origin', 'STORE_UNAVAILABLE'), retryAt(9_000))
  expect(pauses.notBefore('booking.confirm')).toBe(9_000)
  clock.step(30_000)
  expect(pauses.circuitUntil('sms.send')).toBeNull()
})

test('a clock that steps back two hours ends a pause instead of stretching it', () => {
  const { pauses, clock } = somePauses(7_200_000)
  pauses.note(sms, pause('origin', 'STORE_UNAVAILABLE'), retryAt(7_230_000))
  clock.step(-7_200_000)
  expect(pauses.notBefore('sms.send')).toBe(0)
})

test('offline, one attempt every 30 s; back online, within two seconds', () => {
  const { pauses, clock } = somePauses()
  browser.setOnline(false)
  expect([pauses.quietUntil, pauses.parallel]).toEqual([30_000, 1])
  clock.step(30_000)
  pauses.noteAttempt()
  expect(pauses.quietUntil).toBe(60_000)
  browser.setOnline(true)
  pauses.hear('online')
  expect([pauses.quietUntil, pauses.parallel]).toEqual([31_000, 4])
})
