import { expect, test } from '@jest/globals'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import { aBulk, aMutation } from '../testing/aMutation.js'
import { Draft } from './Draft.js'
import { entryOf, entryReader } from './entry.js'

const NEW = { birth: 'a', seq: 0, revision: 0 }
const stored = (...records: MutationRecord[]) => records.map((record) => entryOf(record, record.seq!))

test('counts what is unfinished, and goes on after the last place', () => {
  const draft = Draft.of(
    stored(
      aMutation({ id: 'a', seq: 7, bytes: 10 }),
      aMutation({ id: 'b', seq: 4, bytes: 20, state: 'waiting' }),
      aMutation({ id: 'c', seq: 9, bytes: 40, state: 'settled' }),
      aBulk({ id: 'd', seq: 5, bytes: 80 }),
    ),
    NEW,
  )
  expect(draft).toMatchObject({ unfinished: 2, bytes: 30, meta: { seq: 9 } })
})

test('goes on counting as mutations come, end and go, and forgets it all with a draft that is not absorbed', () => {
  const below = Draft.of(stored(aMutation({ id: 'a', seq: 1, bytes: 10 })), NEW)
  const draft = new Draft(below)
  draft.write(aMutation({ id: 'b', seq: draft.meta.seq + 1, bytes: 20 }))
  draft.write(aMutation({ id: 'a', seq: 1, bytes: 10, state: 'settled' }))
  expect(draft).toMatchObject({ unfinished: 1, bytes: 20 })
  expect(below).toMatchObject({ unfinished: 1, bytes: 10, meta: { seq: 1 } })
  below.absorb(draft)
  below.remove('b')
  expect(below).toMatchObject({ unfinished: 0, bytes: 0, meta: { seq: 2 } })
})

test('gives no place twice, whatever was deleted since', () => {
  expect(Draft.of(stored(aMutation({ seq: 3 })), { birth: 'a', seq: 8, revision: 2 }).meta.seq).toBe(8)
})

test('keeps hands off what a later version made of a mutation', () => {
  const draft = Draft.of(stored(aMutation({ id: 'a', seq: 1 })), NEW)
  const read = entryReader({ actor: 'user-456', tenant: 'org-1' })
  draft.learn(read(1, { v: 2 }))
  expect(draft.at(1)).toMatchObject({ problem: { code: 'ENTRY_NEWER' } })
  expect(draft.get('a')).toBeUndefined()
  expect(draft.lane('lead:lead-123:status')).toEqual([])
})
