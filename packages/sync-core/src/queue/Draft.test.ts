import { expect, test } from '@jest/globals'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import { aMutation } from '../testing/aMutation.js'
import { Draft } from './Draft.js'
import { Unreadable } from './entry.js'
import { Records } from './Records.js'

const LANE = 'lead:lead-123:status'

function recordsOf(...stored: MutationRecord[]): Records {
  const draft = new Draft(new Records())
  for (const record of stored) draft.write(record)
  const records = new Records()
  records.absorb(draft)
  return records
}

test('goes on counting as mutations come, end and go, and forgets it all when it is not absorbed', () => {
  const below = recordsOf(aMutation({ id: 'a', seq: 1, bytes: 10 }))
  const draft = new Draft(below)
  draft.write(aMutation({ id: 'b', seq: draft.meta.seq + 1, bytes: 20 }))
  draft.write(aMutation({ id: 'a', seq: 1, bytes: 10, state: 'settled' }))
  expect(draft.taken).toEqual({ mutations: 1, bytes: 20 })
  expect(below).toMatchObject({ taken: { mutations: 1, bytes: 10 }, meta: { seq: 1 } })
  below.absorb(draft)
  const next = new Draft(below)
  next.remove('b')
  below.absorb(next)
  expect(below).toMatchObject({ taken: { mutations: 0, bytes: 0 }, meta: { seq: 2 } })
})

test('gives no place twice, whatever was deleted since', () => {
  const draft = new Draft(recordsOf(aMutation({ id: 'a', seq: 8 })))
  draft.remove('a')
  draft.write(aMutation({ id: 'b', seq: 3 }))
  expect(draft.meta.seq).toBe(8)
})

test('knows a lane as it would be, and what is shown and not stored decides nothing', () => {
  const records = recordsOf(aMutation({ id: 'a', seq: 1 }), aMutation({ id: 'c', seq: 3 }))
  records.show(aMutation({ id: 'd', seq: null }))
  const draft = new Draft(records)
  draft.write(aMutation({ id: 'b', seq: 2 }))
  draft.remove('a')
  draft.write(aMutation({ id: 'c', seq: 3, state: 'settled' }))
  expect(draft.lane(LANE).map(({ id, state }) => [id, state])).toEqual([
    ['b', 'queued'],
    ['c', 'settled'],
    ['d', 'queued'],
  ])
  expect(draft.get('d')).toBeUndefined()
  expect(records.lane(LANE).map(({ id }) => id)).toEqual(['a', 'c', 'd'])
})

test('tells what is unfinished in the order of the clicks, as it would be', () => {
  const records = recordsOf(
    aMutation({ id: 'a', seq: 1 }),
    aMutation({ id: 'c', seq: 3 }),
    aMutation({ id: 'd', seq: 4, state: 'settled' }),
  )
  records.show(aMutation({ id: 'e', seq: null }))
  const draft = new Draft(records)
  const ids = () => [...draft.unfinished()].map(({ id, state }) => `${id} ${state}`)
  expect(ids()).toEqual(['a queued', 'c queued'])
  draft.write(aMutation({ id: 'a', seq: 1, state: 'sending' }))
  draft.write(aMutation({ id: 'c', seq: 3, state: 'settled' }))
  expect(ids()).toEqual(['a sending'])
  draft.write(aMutation({ id: 'f', seq: 5 }))
  draft.write(aMutation({ id: 'b', seq: 2 }))
  expect(ids()).toEqual(['a sending', 'b queued', 'f queued'])
})

test('keeps hands off what a later version made of a mutation', () => {
  const records = recordsOf(aMutation({ id: 'a', seq: 1 }))
  const draft = new Draft(records)
  draft.set('1', new Unreadable(1, 'ENTRY_NEWER', 'newer'))
  draft.remove('a')
  records.absorb(draft)
  expect([...records.unreadable.values()]).toMatchObject([{ code: 'ENTRY_NEWER' }])
  expect(records.lane(LANE)).toEqual([])
})
