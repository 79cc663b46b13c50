import { expect, test } from '@jest/globals'
import { fakeRandom } from '../testing/fakeRandom.js'
import { backoff, LONGEST_WAIT_MS, plannedInstant } from './backoff.js'

const low = { uniform: () => 0, bytes: (length: number) => new Uint8Array(length) }
const high = { ...low, uniform: () => 1 }

test.each([
  [1, 100, 500],
  [2, 200, 1_000],
  [6, 3_200, 16_000],
  [7, 6_000, 30_000],
  [10, 6_000, 30_000],
  [11, 60_000, 300_000],
  [5_000, 60_000, 300_000],
])('after failure %i the wait lies between %i and %i ms', (failures, least, most) => {
  expect(backoff(failures, low)).toBe(least)
  expect(backoff(failures, high)).toBe(most)
})

test('is never shorter than what the server asked for', () => {
  expect(backoff(1, fakeRandom(), 9_000)).toBe(9_000)
})

test('an instant further off than any wait we plan was written before the clock stepped back', () => {
  expect(plannedInstant(1_000 + LONGEST_WAIT_MS, 1_000, LONGEST_WAIT_MS)).toBe(1_000 + LONGEST_WAIT_MS)
  expect(plannedInstant(1_001 + LONGEST_WAIT_MS, 1_000, LONGEST_WAIT_MS)).toBe(0)
})
