import { expect, test } from '@jest/globals'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import { aMutation } from '../testing/aMutation.js'
import { Away, type Reached } from './Away.js'
import { Draft } from './Draft.js'
import { Records } from './Records.js'
import { type WriteBackOptions, writeBack } from './writeBack.js'

const knowing = (...known: MutationRecord[]) => {
  const draft = new Draft(new Records())
  for (const record of known) draft.write(record)
  const records = new Records()
  records.absorb(draft)
  return records
}
/** Storage was left when it was as in `known`; a transaction that hung was to write those of `doubted`. */
const awaySince = (known: MutationRecord[], doubted: string[] = []) => {
  const away = new Away(knowing(...known))
  away.doubt(doubted)
  return away
}
const diskWith = (...records: MutationRecord[]) => {
  const found = new Draft(knowing(...records))
  found.meta = { birth: 'b', seq: 100, revision: 1 }
  return new Draft(found)
}
const memory = aMutation({ id: 'a', seq: 7 })
const options: WriteBackOptions = {
  now: 0,
  tabId: 'tab-1',
  isAnew: false,
  isAlone: true,
  away: awaySince([]),
  combineOf: () => undefined,
}

test('in a database made anew, keeps the order of the clicks, and takes no place from one that was put there since', () => {
  const later = aMutation({ id: 'later', seq: 1 })
  const draft = diskWith(later)
  const lost = [aMutation({ id: 'lost', seq: 1 }), aMutation({ id: 'other', seq: 2 })]
  expect(writeBack(draft, lost, { ...options, isAnew: true, away: undefined })).toBe(2)
  expect(draft.get('later')).toEqual(later)
  expect(draft.get('lost')).toMatchObject({ seq: 101 })
  expect(draft.get('other')).toMatchObject({ seq: 2 })
})

test.each<[string, Partial<WriteBackOptions>, boolean]>([
  ['stays never attempted when it never came to disk', {}, false],
  ['may have been sent when its transaction hung', { away: awaySince([], ['a']) }, true],
  ['stays never attempted when no other tab was ever heard of', { isAnew: true, away: undefined }, false],
  ['may have been sent by a tab that was heard of', { isAnew: true, isAlone: false, away: undefined }, true],
])('what was never attempted %s', (_when, fields, ambiguous) => {
  const draft = diskWith()
  writeBack(draft, [memory], { ...options, ...fields })
  expect(draft.get('a')).toMatchObject({ attempts: 0, ambiguous })
})

test.each<[Reached, Away, boolean]>([
  ['never', awaySince([]), true],
  ['maybe', awaySince([], ['a']), true],
  ['disk', awaySince([memory]), false],
])('what is missing on this very disk and came there: %s, is written or not', (reached, away, isWritten) => {
  const draft = diskWith()
  expect(away.reached('a')).toBe(reached)
  writeBack(draft, [memory], { ...options, away })
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
  writeBack(draft, [memory], { ...options, away: awaySince([memory]) })
  expect(draft.changed.size).toBe(0)
})

test('what both know alike is not written', () => {
  const draft = diskWith({ ...memory, rev: 9 })
  writeBack(draft, [memory], options)
  expect(draft.changed.size).toBe(0)
})

test('what had ended in a database that was cleared is forgotten with it, but for dead letters', () => {
  const ended = [aMutation({ id: 'a', state: 'settled' }), aMutation({ id: 'b', state: 'dead' })]
  const draft = diskWith()
  expect(writeBack(draft, ended, { ...options, isAnew: true, away: undefined })).toBe(1)
  expect(draft.get('b')).toMatchObject({ state: 'dead' })
})
