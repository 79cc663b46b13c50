import { expect, test } from '@jest/globals'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import { aMutation } from '../testing/aMutation.js'
import { Draft } from './Draft.js'
import { entryOf } from './entry.js'
import { type Reached, type WriteBackOptions, writeBack } from './writeBack.js'

const diskWith = (...records: MutationRecord[]) => {
  const entries = records.map((record) => entryOf(record, record.seq!))
  return new Draft(Draft.of(entries, { birth: 'b', seq: 100, revision: 1 }))
}
const options: WriteBackOptions = {
  now: 0,
  tabId: 'tab-1',
  isAnew: false,
  isAlone: true,
  reached: () => 'never',
  isUntouched: () => false,
  combineOf: () => undefined,
}
const memory = aMutation({ id: 'a', seq: 7 })

test('in a database made anew, keeps the order of the clicks, and takes no place from one that was put there since', () => {
  const later = aMutation({ id: 'later', seq: 1 })
  const draft = diskWith(later)
  const lost = [aMutation({ id: 'lost', seq: 1 }), aMutation({ id: 'other', seq: 2 })]
  expect(writeBack(draft, lost, { ...options, isAnew: true, reached: () => 'disk' })).toBe(2)
  expect(draft.get('later')).toEqual(later)
  expect(draft.find('lost')).toMatchObject({ key: 101, record: { seq: 101 } })
  expect(draft.find('other')).toMatchObject({ key: 2, record: { seq: 2 } })
})

test.each<[string, Partial<WriteBackOptions>, boolean]>([
  ['stays never attempted when it never came to disk', {}, false],
  ['may have been sent when its transaction hung', { reached: () => 'maybe' }, true],
  ['stays never attempted when no other tab was ever heard of', { isAnew: true, reached: () => 'disk' }, false],
  ['may have been sent by a tab that was heard of', { isAnew: true, isAlone: false, reached: () => 'disk' }, true],
])('what was never attempted %s', (_when, fields, ambiguous) => {
  const draft = diskWith()
  writeBack(draft, [memory], { ...options, ...fields })
  expect(draft.get('a')).toMatchObject({ attempts: 0, ambiguous })
})

test.each<[Reached, boolean]>([
  ['never', true],
  ['maybe', true],
  ['disk', false],
])('what is missing on this very disk and came there: %s, is written: %s', (reached, isWritten) => {
  const draft = diskWith()
  writeBack(draft, [memory], { ...options, reached: () => reached })
  expect(draft.get('a') !== undefined).toBe(isWritten)
})

test('new places come after those on disk, in the order of memory', () => {
  const draft = diskWith(aMutation({ id: 'there', seq: 100 }))
  writeBack(draft, [aMutation({ id: 'second', seq: 9 }), aMutation({ id: 'first', seq: 8 })], options)
  expect(['there', 'first', 'second'].map((id) => draft.get(id)?.seq)).toEqual([100, 101, 102])
})

test('what this tab left as it was on disk is as disk has it now', () => {
  const moved = aMutation({ id: 'a', seq: 7, rev: 5, state: 'waiting' })
  const draft = diskWith(moved)
  writeBack(draft, [memory], { ...options, isUntouched: () => true })
  expect(draft.entries()).toEqual([])
})

test('what both know alike is not written', () => {
  const draft = diskWith({ ...memory, rev: 9 })
  writeBack(draft, [memory], options)
  expect(draft.entries()).toEqual([])
})

test('what had ended in a database that was cleared is forgotten with it, but for dead letters', () => {
  const ended = [aMutation({ id: 'a', state: 'settled' }), aMutation({ id: 'b', state: 'dead' })]
  const draft = diskWith()
  expect(writeBack(draft, ended, { ...options, isAnew: true, reached: () => 'disk' })).toBe(1)
  expect(draft.get('b')).toMatchObject({ state: 'dead' })
})
