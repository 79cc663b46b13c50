import { expect, test } from '@jest/globals'
import { nextRevision, type QueueMeta, toMeta, writtenSince } from './meta.js'

const NEW: QueueMeta = { birth: 'a', seq: 0, revision: 0 }

test('names what a tab missed, as long as it is little', () => {
  const meta = nextRevision(nextRevision(nextRevision(NEW, ['a']), ['b', 'c']), ['a'])
  expect(writtenSince(meta, 3)).toEqual([])
  expect(writtenSince(meta, 1)).toEqual(['b', 'c', 'a'])
})

test('names at least the last two transactions of a long queue, and few of many small ones', () => {
  const long = Array.from({ length: 64 }, (_, index) => `key-${index}`)
  expect(writtenSince(nextRevision(nextRevision(NEW, long), long), 0)).toHaveLength(128)
  const many = Array.from({ length: 100 }).reduce<QueueMeta>((meta) => nextRevision(meta, ['a']), NEW)
  expect(many.recent).toHaveLength(8)
})

test('sends a tab that missed much, or knows nothing, to read everything', () => {
  const burst = Array.from({ length: 200 }, (_, index) => `key-${index}`)
  expect(writtenSince(nextRevision(nextRevision(NEW, ['a']), burst), 1)).toBeUndefined()
  expect(writtenSince(nextRevision(NEW, ['a']), -1)).toBeUndefined()
  expect(writtenSince(NEW, 7)).toBeUndefined()
})

test('a damaged entry is none', () => {
  expect(toMeta({ seq: 'many' })).toBeUndefined()
})
