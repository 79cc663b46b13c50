import { describe, expect, test } from '@jest/globals'
import type { LastError } from '../mutation/MutationRecord.js'
import type { Outcome } from '../retry/classifyOutcome.js'
import { aMutation } from '../testing/aMutation.js'
import { Recovery } from './Recovery.js'

const lost: Outcome = { kind: 'transport', status: null, code: 'OFFLINE', strike: null, retryAfterMs: null }
const broken: Outcome = { kind: 'transport', status: 500, code: 'INTERNAL', strike: 'server', retryAfterMs: null }
const busy: Outcome = { kind: 'pause', status: 503, code: 'STORE_UNAVAILABLE', retryAfterMs: null }
const success: Outcome = { kind: 'success', status: 200, body: {}, replayed: false }

const failed = (error: Partial<LastError>) =>
  aMutation({ id: 'waits', nextAttemptAt: 300_000, lastError: { kind: 'transport', status: null, code: 'OFFLINE', at: 1_000, ...error } })
const wayLost = failed({})
const serverDown = failed({ kind: 'pause', status: 503, code: 'STORE_UNAVAILABLE' })
const breakerOpen = failed({ kind: 'pause', status: 503, code: 'CIRCUIT_BREAKER_OPEN', retryAfterMs: 30_000 })
const limited = failed({ kind: 'pause', status: 429, code: 'RATE_LIMITED', retryAfterMs: 30_000 })
const rowBusy = failed({ kind: 'pause', status: 503, code: 'ROW_BUSY' })
const other = aMutation({ id: 'other' })
const sms = aMutation({ id: 'sms', action: 'sms.send' })

const after = (outcome: Outcome, by = other, sentAt = 2_000) => {
  const recovery = new Recovery()
  recovery.note(by, outcome, { sentAt, now: sentAt })
  return (record: typeof wayLost) => recovery.hastenedTo(record, 2_000) <= 2_000
}

describe('an answer to a request that was sent later hastens what waits for the same cause', () => {
  test.each<[string, typeof wayLost, { success: boolean; busy: boolean; broken: boolean; lost: boolean }]>([
    ['the way', wayLost, { success: true, busy: true, broken: true, lost: false }],
    ['the server', serverDown, { success: true, busy: false, broken: false, lost: false }],
    ['its circuit breaker for this action', breakerOpen, { success: true, busy: false, broken: false, lost: false }],
    ['a limit that was told to it alone', limited, { success: false, busy: false, broken: false, lost: false }],
    ['its own row', rowBusy, { success: false, busy: false, broken: false, lost: false }],
  ])('%s', (_name, record, expected) => {
    const seen = { success: after(success), busy: after(busy), broken: after(broken), lost: after(lost) }
    expect(Object.fromEntries(Object.entries(seen).map(([name, hastens]) => [name, hastens(record)]))).toEqual(expected)
  })

  test('but not of another action than the one that is paused', () => {
    expect(after(success, sms)(breakerOpen)).toBe(false)
  })

  test('and nothing that failed after that request was sent', () => {
    expect(after(success, other, 1_000)(wayLost)).toBe(false)
  })

  test('and never what waits for nothing', () => {
    expect(new Recovery().hastenedTo(aMutation(), 2_000)).toBe(Number.POSITIVE_INFINITY)
  })
})

test('one that keeps failing while others get through is hastened ever later', () => {
  const recovery = new Recovery()
  const waits: number[] = []
  let at = 1_000
  for (let failure = 0; failure < 14; failure++) {
    const record = failed({ at })
    recovery.note(other, success, { sentAt: at + 1, now: at + 1 })
    waits.push(recovery.hastenedTo(record, at + 1) - at)
    recovery.note(record, lost, { sentAt: at + 2, now: at + 2 })
    at += 3_600_000
  }
  expect(waits.slice(0, 5)).toEqual([0, 1_000, 2_000, 4_000, 8_000])
  expect(waits.at(-1)).toBe(15 * 60_000)
  recovery.note(failed({ at }), success, { sentAt: at, now: at })
  recovery.note(other, success, { sentAt: at + 2, now: at + 2 })
  expect(recovery.hastenedTo(failed({ at: at + 1 }), at + 2)).toBe(at + 1)
})

describe("the platform's hint", () => {
  test('hastens what waits for way or server, until an attempt shows otherwise', () => {
    const recovery = new Recovery()
    recovery.hint(2_000)
    expect(recovery.hastenedTo(wayLost, 2_000)).toBe(1_000)
    expect(recovery.hastenedTo(serverDown, 2_000)).toBe(1_000)
    recovery.note(wayLost, lost, { sentAt: 2_000, now: 2_100 })
    expect(recovery.hastenedTo(wayLost, 2_200)).toBe(Number.POSITIVE_INFINITY)
  })

  test('overrules nobody who said when to come, and sends no blocked one', () => {
    const recovery = new Recovery()
    recovery.hint(2_000)
    for (const record of [breakerOpen, limited, rowBusy, failed({ status: 503, code: 'NO_ECHO', retryAfterMs: 20_000 })]) {
      expect(recovery.hastenedTo(record, 2_000)).toBe(Number.POSITIVE_INFINITY)
    }
    expect(recovery.hastenedTo({ ...wayLost, probes: 0 }, 2_000)).toBe(Number.POSITIVE_INFINITY)
  })
})

test('what was noted before the clock stepped back is no news', () => {
  const recovery = new Recovery()
  recovery.hint(7_200_000)
  recovery.note(other, success, { sentAt: 7_200_000, now: 7_200_000 })
  recovery.note(other, lost, { sentAt: 1_500, now: 1_500 })
  expect(recovery.hastenedTo(wayLost, 2_000)).toBe(Number.POSITIVE_INFINITY)
})
