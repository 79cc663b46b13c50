import { expect, test } from '@jest/globals'
import { fakeRandom } from '../testing/fakeRandom.js'
import { parseRetryAfter, spread } from './retryAfter.js'

const NOW = Date.UTC(2026, 0, 15, 10, 30)

function read(retryAfter: string | null, body: unknown = null, date: string | null = null) {
  const headers: Record<string, string | null> = { 'retry-after': retryAfter, date }
  return parseRetryAfter({ header: (name) => headers[name.toLowerCase()] ?? null, body, now: NOW })
}

test.each<[string, string | null, unknown, number | null]>([
  ['seconds', '30', null, 30_000],
  ['fractions of a second', '0.5', null, 500],
  ['an HTTP date', 'Thu, 15 Jan 2026 10:31:00 GMT', null, 60_000],
  ['at most fifteen minutes', '86400', null, 900_000],
  ['at most fifteen minutes of a date, too', 'Fri, 31 Dec 9999 23:59:59 GMT', null, 900_000],
  ['the body where there is no header', null, { retryAfterMs: 1_200 }, 1_200],
  ['the header before the body', '2', { retryAfterMs: 1_200 }, 2_000],
  ['the body where the header asks for nothing', '0', { retryAfterMs: 1_200 }, 1_200],
])('reads %s', (_name, header, body, expected) => {
  expect(read(header, body)).toBe(expected)
})

test.each<[string, string | null, unknown]>([
  ['zero', '0', null],
  ['a negative number', '-5', null],
  ['a date that has passed', 'Thu, 15 Jan 2026 10:29:00 GMT', null],
  ['words', 'soon', { retryAfterMs: 'later' }],
  ['an empty header', '', null],
  ['a number in another notation', '1e3', null],
  ['a negative body', null, { retryAfterMs: -5 }],
  ['a body of zero', null, { retryAfterMs: 0 }],
  ['a body that is no number', null, { retryAfterMs: Number.POSITIVE_INFINITY }],
  ['nothing at all', null, null],
])('%s asks for nothing', (_name, header, body) => {
  expect(read(header, body)).toBeNull()
})

test('a date is measured against the clock of whoever sent it, not against this device', () => {
  const inFiveSeconds = 'Thu, 15 Jan 2026 09:30:05 GMT'
  expect(read(inFiveSeconds)).toBeNull()
  expect(read(inFiveSeconds, null, 'Thu, 15 Jan 2026 09:30:00 GMT')).toBe(5_000)
  expect(read('Thu, 15 Jan 2026 10:31:00 GMT', null, 'no date')).toBe(60_000)
})

test('is spread by up to a fifth, never shortened', () => {
  const random = fakeRandom()
  const waits = Array.from({ length: 200 }, () => spread(10_000, random))
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(10_000)
  expect(Math.max(...waits)).toBeLessThanOrEqual(12_000)
  expect(new Set(waits).size).toBeGreaterThan(100)
})
