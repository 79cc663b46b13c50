import { expect, test } from '@jest/globals'
import { fakeRandom } from '../testing/fakeRandom.js'
import { parseRetryAfter, spread } from './retryAfter.js'

const NOW = Date.UTC(2026, 0, 15, 10, 30)

test.each<[string, string | null, unknown, number | null]>([
  ['seconds', '30', null, 30_000],
  ['fractions of a second', '0.5', null, 500],
  ['an HTTP date', 'Thu, 15 Jan 2026 10:31:00 GMT', null, 60_000],
  ['a date that has passed', 'Thu, 15 Jan 2026 10:29:00 GMT', null, 0],
  ['at most fifteen minutes', '86400', null, 900_000],
  ['the body where there is no header', null, { retryAfterMs: 1_200 }, 1_200],
  ['the header before the body', '2', { retryAfterMs: 1_200 }, 2_000],
  ['nothing usable', 'soon', { retryAfterMs: 'later' }, null],
  ['nothing at all', null, null, null],
  ['a negative body', null, { retryAfterMs: -5 }, 0],
])('reads %s', (_name, header, body, expected) => {
  expect(parseRetryAfter(header, body, NOW)).toBe(expected)
})

test('is spread by up to a fifth, never shortened', () => {
  const random = fakeRandom()
  const waits = Array.from({ length: 200 }, () => spread(10_000, random))
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(10_000)
  expect(Math.max(...waits)).toBeLessThanOrEqual(12_000)
  expect(new Set(waits).size).toBeGreaterThan(100)
})
