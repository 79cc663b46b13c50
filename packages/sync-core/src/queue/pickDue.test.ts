import { expect, test } from '@jest/globals'
import { aBulk, aMutation } from '../testing/aMutation.js'
import { pickDue } from './pickDue.js'

const options = { now: 1_000, limit: 10, notBefore: () => 0 }
const picked = (records: Parameters<typeof pickDue>[0], more: Partial<Parameters<typeof pickDue>[1]> = {}) => {
  const { due, nextAt } = pickDue(records, { ...options, ...more })
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
  expect(picked([{ ...a, nextAttemptAt: 5_000 }, b, c])).toEqual({ due: ['c'], nextAt: 5_000 })
})

test('what is being sent keeps its lane', () => {
  expect(picked([aMutation({ ...place(a), state: 'sending' }), b]).due).toEqual([])
})

test.each(['blocked', 'unknown', 'waiting'] as const)('%s keeps no lane', (state) => {
  expect(picked([aMutation({ ...place(a), state }), b]).due).toContain('b')
})

test('one that waits on the server is asked for when it is due, whatever stands before it', () => {
  expect(picked([a, aMutation({ ...place(b), state: 'waiting', nextAttemptAt: 900 })]).due).toEqual(['a', 'b'])
})

test('what is not stored yet and what is only a parent are not sent', () => {
  expect(picked([{ ...a, seq: null }, aBulk({ id: 'c', seq: 3, lanes: ['y'] })]).due).toEqual([])
})

test('an instant written before the clock stepped back two hours counts as due', () => {
  expect(picked([{ ...a, nextAttemptAt: 7_200_000 }]).due).toEqual(['a'])
})

test('force overrides what was planned but no lane', () => {
  expect(picked([{ ...a, nextAttemptAt: 5_000 }, b], { force: () => true }).due).toEqual(['a'])
})

test('takes no more than asked', () => {
  expect(picked([a, c], { limit: 1 }).due).toEqual(['a'])
})
