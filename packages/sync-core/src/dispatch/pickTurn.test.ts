import { describe, expect, test } from '@jest/globals'
import type { LastError, MutationRecord } from '../mutation/MutationRecord.js'
import { plannedFor } from '../mutation/mutationState.js'
import { aBulk, aMutation } from '../testing/aMutation.js'
import { pickTurn, type Turn } from './pickTurn.js'

const aTurn: Turn = {
  now: 1_000_000,
  atOnce: 4,
  quietUntil: 0,
  hintedAt: Number.NEGATIVE_INFINITY,
  isForced: () => false,
  plannedAt: (record) => (record.state === 'blocked' ? Number.POSITIVE_INFINITY : (plannedFor(record) ?? 0)),
  notBefore: () => 0,
}
const picked = (records: Iterable<MutationRecord>, turn: Partial<Turn> = {}, limit = 10) => {
  const { due, nextAt } = pickTurn(records, { ...aTurn, ...turn }, limit)
  return { due: due.map(({ id }) => id), nextAt }
}
const a = aMutation({ id: 'a', seq: 1, lanes: ['x'] })
const b = aMutation({ id: 'b', seq: 2, lanes: ['x'] })
const c = aMutation({ id: 'c', seq: 3, lanes: ['y'] })
const place = ({ id, seq, lanes }: typeof a) => ({ id, seq, lanes })

test('the first of each lane runs, lanes beside each other', () => {
  expect(picked([a, b, c]).due).toEqual(['a', 'c'])
})

test('a mutation of several lanes waits until it is first in each', () => {
  const both = aMutation({ id: 'both', seq: 2, lanes: ['x', 'y'] })
  expect(picked([a, both, c]).due).toEqual(['a'])
  expect(picked([both, c]).due).toEqual(['both'])
})

test('one in backoff keeps its lane, and tells when to look again', () => {
  expect(picked([{ ...a, nextAttemptAt: 1_005_000 }, b, c])).toEqual({ due: ['c'], nextAt: 1_005_000 })
})

test('what is being sent keeps its lane', () => {
  expect(picked([aMutation({ ...place(a), state: 'sending' }), b]).due).toEqual([])
})

test.each(['blocked', 'unknown', 'waiting'] as const)('%s keeps no lane', (state) => {
  expect(picked([aMutation({ ...place(a), state }), b]).due).toContain('b')
})

test('one that waits on the server is asked for when it is due, whatever stands before it', () => {
  expect(picked([a, aMutation({ ...place(b), state: 'waiting', nextAttemptAt: 900_000 })]).due).toEqual(['a', 'b'])
})

test('what is not stored yet and what is only a parent are not sent', () => {
  expect(picked([{ ...a, seq: null }, aBulk({ id: 'c', seq: 3, lanes: ['y'] })]).due).toEqual([])
})

test('what a person wants now goes whatever was planned, but not before its turn in its lane', () => {
  expect(picked([{ ...a, nextAttemptAt: 1_005_000 }, b], { isForced: () => true, notBefore: () => 1_900_000 }).due).toEqual(['a'])
})

test('what this page does not know how to send stays, even when a person wants it now', () => {
  const isUnknown = { isForced: () => true, notBefore: () => Number.POSITIVE_INFINITY }
  expect(picked([a], isUnknown)).toEqual({ due: [], nextAt: null })
})

test('takes no more than asked', () => {
  expect(picked([a, c], {}, 1).due).toEqual(['a'])
})

describe('of the blocked ones', () => {
  const failedAt = (at: number): LastError => ({ kind: 'transport', status: 403, code: 'NO_ECHO', at })
  const x = aMutation({ ...place(a), id: 'x', state: 'blocked', lastError: failedAt(960_000) })
  const y = aMutation({ ...place(c), id: 'y', state: 'blocked', lastError: failedAt(970_000) })

  test('one probes, half a minute after the last was tried: the one that waits for the longest time', () => {
    expect(picked([x, y], { now: 999_999 })).toEqual({ due: [], nextAt: 1_000_000 })
    expect(picked([y, x]).due).toEqual(['x'])
  })

  test('probes come twice as late each time, at most a quarter of an hour', () => {
    expect(picked([{ ...x, probes: 1 }, y]).nextAt).toBe(970_000 + 60_000)
    expect(
      picked([
        { ...x, probes: 3 },
        { ...y, probes: 1 },
      ]).nextAt,
    ).toBe(970_000 + 480_000)
    expect(
      picked([
        { ...x, probes: 900 },
        { ...y, probes: 900 },
      ]).nextAt,
    ).toBe(970_000 + 900_000)
  })

  test('none does while a probe is on its way, or while there is no room', () => {
    expect(picked([aMutation({ ...place(a), state: 'sending', probes: 0 }), y])).toEqual({ due: [], nextAt: null })
    expect(picked([a, y], {}, 1).due).toEqual(['a'])
  })

  test('one does at once when the platform says that it may be worth trying', () => {
    expect(picked([x, y], { now: 980_000, hintedAt: 979_000 }).due).toEqual(['x'])
    expect(picked([x, y], { now: 980_000, hintedAt: 965_000 }).due).toEqual([])
  })

  test('all whose way is clear go, in order', () => {
    expect(picked([x, y], { plannedAt: () => 0 }).due).toEqual(['x', 'y'])
  })

  test('what failed before the clock stepped back counts as long ago', () => {
    expect(picked([{ ...x, lastError: failedAt(7_200_000) }]).due).toEqual(['x'])
  })
})
