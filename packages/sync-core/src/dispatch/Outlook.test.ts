import { describe, expect, test } from '@jest/globals'
import type { Single } from '../mutation/MutationRecord.js'
import type { Outcome } from '../retry/classifyOutcome.js'
import type { Decision } from '../retry/decideRetry.js'
import { aMutation } from '../testing/aMutation.js'
import { FakeBrowser } from '../testing/FakeBrowser.js'
import { fakeClock } from '../testing/fakeClock.js'
import { fakeRandom } from '../testing/fakeRandom.js'
import { Outlook } from './Outlook.js'

const sms = aMutation({ action: 'sms.send', state: 'sending' })
const lost: Outcome = { kind: 'transport', status: null, code: 'OFFLINE', strike: null, retryAfterMs: null }
const pause = (code: string): Outcome => ({ kind: 'pause', status: 503, code, retryAfterMs: 30_000 })
const success: Outcome = { kind: 'success', status: 200, body: {}, replayed: false }
const settled: Decision = {
  next: 'settle',
  proven: true,
  result: { outcome: 'success', status: 200, code: null, body: {}, replayed: false, at: 0 },
}

function anOutlook(startAt = 0) {
  const clock = fakeClock(startAt)
  const browser = new FakeBrowser()
  const { connectivity } = browser.openTab()
  const outlook = new Outlook({ clock, connectivity, random: { uniform: () => 0.5, bytes: fakeRandom().bytes }, limits: { parallel: 4 } })
  const retry = (at: number): Decision => ({
    next: 'retry',
    at,
    ambiguous: false,
    strikes: sms.strikes,
    error: { kind: '', status: null, code: '', at: 0 },
  })
  const note = (
    outcome: Outcome,
    { at = 0, sentAt = clock.now(), record = sms }: { at?: number; sentAt?: number; record?: Single<'sending'> } = {},
  ) => outlook.note(record, { outcome, decision: outcome === success ? settled : retry(at) }, sentAt)
  const notBefore = (action: string) => outlook.prospect().notBefore(aMutation({ action, storedAt: 0 }))
  return { clock, browser, outlook, note, notBefore }
}

test('after five transport failures in a row one probe runs at a time, until anything gets through', () => {
  const { outlook, note } = anOutlook()
  for (let failure = 1; failure <= 5; failure++) {
    expect(outlook.atOnce).toBe(4)
    note(lost)
  }
  expect(outlook.atOnce).toBe(1)
  note(success)
  expect(outlook.atOnce).toBe(4)
})

describe('a pause', () => {
  test('for an open breaker rests its action, any other 503 the origin', () => {
    const { outlook, note, notBefore, clock } = anOutlook()
    note(pause('CIRCUIT_BREAKER_OPEN'), { at: 30_000 })
    expect([notBefore('sms.send'), notBefore('booking.confirm')]).toEqual([30_000, 0])
    expect(outlook.restOf('sms.send')).toEqual({ until: 30_000, isCircuit: true })
    note(pause('STORE_UNAVAILABLE'), { at: 9_000 })
    expect(notBefore('booking.confirm')).toBe(9_000)
    clock.step(30_000)
    expect(outlook.restOf('sms.send')).toBeUndefined()
  })

  test("of a proxy's counts the same way", () => {
    const { note, notBefore } = anOutlook()
    note({ kind: 'transport', status: 503, code: 'NO_ECHO', strike: null, retryAfterMs: 20_000 }, { at: 20_000 })
    expect(notBefore('booking.confirm')).toBe(20_000)
  })

  test('is ended by what was sent after it had begun and went well, and by nothing that was sent before', () => {
    const { note, notBefore, clock } = anOutlook(1_000)
    note(pause('STORE_UNAVAILABLE'), { at: 30_000 })
    clock.step(500)
    note(success, { sentAt: 900 })
    expect(notBefore('booking.confirm')).toBe(30_000)
    note(success, { sentAt: 1_500 })
    expect(notBefore('booking.confirm')).toBe(0)
  })

  test('is ended by a clock that steps back two hours instead of being stretched', () => {
    const { note, notBefore, clock } = anOutlook(7_200_000)
    note(pause('STORE_UNAVAILABLE'), { at: 7_230_000 })
    clock.step(-7_200_000)
    expect(notBefore('sms.send')).toBe(0)
  })
})

describe('where the platform says that there is no network', () => {
  test('one attempt every 30 s; back online, within two seconds', () => {
    const { outlook, browser, clock } = anOutlook()
    browser.setOnline(false)
    outlook.hear('offline')
    expect([outlook.prospect().quietUntil, outlook.atOnce]).toEqual([30_000, 1])
    clock.step(30_000)
    const turn = outlook.prospect()
    outlook.noteAttempt()
    expect(turn.notBefore(aMutation())).toBe(30_000)
    expect(outlook.prospect().quietUntil).toBe(60_000)
    browser.setOnline(true)
    outlook.hear('online')
    expect([outlook.restOf('sms.send')?.until, outlook.atOnce]).toEqual([31_000, 4])
  })

  test('a click waits for its own half minute, however long ago the last attempt was', () => {
    const { outlook, browser, clock } = anOutlook()
    browser.setOnline(false)
    clock.step(600_000)
    expect(outlook.prospect().notBefore(aMutation({ storedAt: 599_000 }))).toBe(629_000)
  })

  test('an answer refutes it, until nothing answers again or the platform says it once more', () => {
    const { outlook, browser, note } = anOutlook()
    browser.setOnline(false)
    expect(outlook.isOffline).toBe(true)
    note(pause('ROW_BUSY'))
    expect(outlook.isOffline).toBe(false)
    note(lost)
    expect(outlook.isOffline).toBe(true)
    note(success)
    outlook.hear('offline')
    expect(outlook.isOffline).toBe(true)
  })

  test("neither a captive portal's page nor a proxy's refutes it", () => {
    const { outlook, browser, note } = anOutlook()
    browser.setOnline(false)
    note({ kind: 'transport', status: 200, code: 'NO_ECHO', strike: null, retryAfterMs: null })
    expect(outlook.isOffline).toBe(true)
  })

  test('the probe is any that waits for the network, whatever its own backoff', () => {
    const { outlook, browser, clock } = anOutlook()
    browser.setOnline(false)
    clock.step(60_000)
    const lastError = { kind: 'transport', status: null, code: 'OFFLINE', at: 0 }
    const waiting = aMutation({ nextAttemptAt: 300_000, lastError })
    expect(outlook.prospect().plannedAt(waiting)).toBe(0)
    expect(outlook.prospect().plannedAt({ ...waiting, lastError: { ...lastError, kind: 'pause', status: 503 } })).toBe(300_000)
  })
})

test.each([
  ['online', true],
  ['visible', true],
  ['offline', false],
] as const)('%s is a hint that it may be worth trying: %s', (event, isHint) => {
  const { outlook, clock } = anOutlook(5_000)
  outlook.hear(event)
  expect(outlook.prospect().hintedAt).toBe(isHint ? clock.now() : Number.NEGATIVE_INFINITY)
})
