import { expect, test } from '@jest/globals'
import type { MutationRecord } from '../mutation/MutationRecord.js'
import { aBulk, aMutation } from '../testing/aMutation.js'
import { Draft } from './Draft.js'
import { Records } from './Records.js'

const LANE = 'lead:lead-123:status'
let records: Records

function store(...stored: MutationRecord[]) {
  const draft = new Draft(records)
  for (const record of stored) draft.write(record)
  records.absorb(draft)
}
const ids = (list: Iterable<MutationRecord>) => [...list].map(({ id }) => id)

test('counts what is unfinished, stored or not, a bulk click by its parts', () => {
  records = new Records()
  store(
    aMutation({ id: 'a', seq: 7, bytes: 10 }),
    aMutation({ id: 'b', seq: 4, bytes: 20, state: 'waiting' }),
    aMutation({ id: 'c', seq: 9, bytes: 40, state: 'settled' }),
    aBulk({ id: 'd', seq: 5, bytes: 80 }),
  )
  records.show(aMutation({ id: 'e', seq: null }))
  expect(records).toMatchObject({ taken: { mutations: 2, bytes: 30 }, unfinishedCount: 3, settledCount: 1, meta: { seq: 9 } })
  expect(records.clicks).toEqual({ pending: 4, unknown: 0, settled: 1, dead: 0 })
})

test('are in the order of their places, whenever they came; what is not stored yet comes last', () => {
  records = new Records()
  store(aMutation({ id: 'c', seq: 3 }))
  records.show(aMutation({ id: 'e', seq: null }))
  store(aMutation({ id: 'a', seq: 1 }), aMutation({ id: 'd', seq: 4, state: 'dead' }))
  expect(ids(records.unfinished())).toEqual(['a', 'c', 'e'])
  expect(ids(records.all())).toEqual(['a', 'c', 'e', 'd'])
  expect(ids(records.lane(LANE))).toEqual(['a', 'c', 'd', 'e'])
  store(aMutation({ id: 'e', seq: 2 }))
  expect(ids(records.lane(LANE))).toEqual(['a', 'e', 'c', 'd'])
  expect(ids(records.unfinished())).toEqual(['a', 'e', 'c'])
})

test('take back only what was shown and is not stored', () => {
  records = new Records()
  store(aMutation({ id: 'a', seq: 1 }))
  const shown = aMutation({ id: 'b', seq: null })
  records.show(shown)
  expect(records.hide('a')).toBeUndefined()
  expect(records.hide('b')).toEqual({ before: shown, after: undefined })
  expect(ids(records.all())).toEqual(['a'])
})
