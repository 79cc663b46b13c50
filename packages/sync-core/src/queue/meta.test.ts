import { expect, test } from '@jest/globals'
import { aMutation } from '../testing/aMutation.js'
import { nextRevision, rebuildMeta, toMeta, writtenSince } from './meta.js'

const NEW = rebuildMeta([], 0)

test('names what a tab missed, as long as it is little', () => {
  const meta = nextRevision(nextRevision(nextRevision(NEW, ['a']), ['b', 'c']), ['a'])
  expect(writtenSince(meta, 3)).toEqual([])
  expect(writtenSince(meta, 1)).toEqual(['b', 'c', 'a'])
})

test('names at least the last two transactions of a long queue, and few of many small ones', () => {
  const long = Array.from({ length: 64 }, (_, index) => `key-${index}`)
  expect(writtenSince(nextRevision(nextRevision(NEW, long), long), 0)).toHaveLength(128)
  const many = Array.from({ length: 100 }).reduce<typeof NEW>((meta) => nextRevision(meta, ['a']), NEW)
  expect(many.recent).toHaveLength(8)
})

test('sends a tab that missed much, or knows nothing, to read everything', () => {
  const burst = Array.from({ length: 200 }, (_, index) => `key-${index}`)
  expect(writtenSince(nextRevision(nextRevision(NEW, ['a']), burst), 1)).toBeUndefined()
  expect(writtenSince(nextRevision(NEW, ['a']), -1)).toBeUndefined()
  expect(writtenSince(NEW, 7)).toBeUndefined()
})

test('a damaged entry is none, and is counted anew from the records', () => {
  expect(toMeta({ seq: 'many' })).toBeUndefined()
  const records = [
    aMutation({ seq: 7, bytes: 10 }),
    aMutation({ seq: 4, bytes: 20, state: 'waiting' }),
    aMutation({ seq: 9, bytes: 40, state: 'settled' }),
    aMutation({ seq: 5, bytes: 80, children: 2 }),
  ]
  expect(rebuildMeta(records, 1_000)).toEqual({ bornAt: 1_000, seq: 9, unfinished: 2, bytes: 30, revision: 1_000 })
})
