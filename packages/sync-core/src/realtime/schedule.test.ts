import { describe, expect, test } from '@jest/globals'
import { fakeRandom } from '../testing/fakeRandom.js'
import { nextCatchUpDelay, turnDelay } from './schedule.js'

const LIVE = { polling: false, expecting: false, visible: true, online: true, failures: 0 }
const between = (facts: Partial<typeof LIVE>) => [0, 0.5, 1].map((uniform) => nextCatchUpDelay({ ...LIVE, ...facts }, uniform))

describe('the next catch-up', () => {
  test.each([
    ['30 to 60 s while live', {}, [30_000, 45_000, 60_000]],
    ['2.5 to 5 s while polled', { polling: true }, [2_500, 3_750, 5_000]],
    ['30 to 60 s while polled and hidden', { polling: true, visible: false }, [30_000, 45_000, 60_000]],
    ['2 to 4 s while the log owes something', { expecting: true }, [2_000, 3_000, 4_000]],
    ['30 to 60 s while offline, as a probe', { online: false, polling: true, failures: 3 }, [30_000, 45_000, 60_000]],
    ['1 to 2 s after a first failure', { failures: 1 }, [1_000, 1_500, 2_000]],
    ['up to a minute after many', { failures: 50, polling: true }, [30_000, 45_000, 60_000]],
  ])('comes after %s', (_name, facts, expected) => {
    expect(between(facts)).toEqual(expected)
  })
})

describe('the turn of a client among all that were told at once', () => {
  test('comes within 2 s where somebody looks, and later where nobody does', () => {
    expect([0, 0.5, 1].map((uniform) => turnDelay(true, uniform))).toEqual([100, 1_050, 2_000])
    expect([0, 0.5, 1].map((uniform) => turnDelay(false, uniform))).toEqual([2_000, 6_000, 10_000])
  })

  test('of 1,000 visible clients no more than 150 ask within any 200 ms', () => {
    const random = fakeRandom(1)
    const turns = Array.from({ length: 1_000 }, () => turnDelay(true, random.uniform()))
    const busiest = Math.max(...turns.map((from) => turns.filter((turn) => turn >= from && turn < from + 200).length))
    expect(busiest).toBeLessThanOrEqual(150)
  })
})
