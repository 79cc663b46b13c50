import { beforeEach, describe, expect, jest, test } from '@jest/globals'
import { MemoryStorage } from '../adapters/memoryStorage.js'
import type { MutationRecord, Single } from '../mutation/MutationRecord.js'
import { hasEnded, isBulk } from '../mutation/mutationState.js'
import { settled } from '../mutation/transitions.js'
import type { MutationStorage, StorageWrite } from '../ports/MutationStorage.js'
import { aCommitter } from '../testing/aCommitter.js'
import { aMutation } from '../testing/aMutation.js'
import { type FakeClock, fakeClock } from '../testing/fakeClock.js'
import { change } from './change.js'
import { enqueue } from './enqueue.js'
import { recordOf } from './entry.js'
import { forget, isPlaceKept } from './forget.js'
import type { Committed } from './StoredQueue.js'

let clock: FakeClock
let storage: MemoryStorage

/** A tab that has read what is stored. It hears nothing that `hear` does not tell it. */
async function openTab() {
  const asked = jest.fn()
  const written: (readonly StorageWrite[])[] = []
  const committed: Committed[] = []
  const watched: MutationStorage = {
    durability: 'disk',
    entries: () => storage.entries(),
    close: () => {},
    transaction: (options, plan) =>
      storage.transaction(options, async (reader) => {
        const keysAfter: typeof reader.keysAfter = (place) => {
          asked()
          return reader.keysAfter(place)
        }
        const writes = await plan({ ...reader, keysAfter })
        written.push(writes)
        return writes
      }),
  }
  const committer = aCommitter({ clock, storage: watched, onCommitted: (news) => committed.push(news) })
  const load = () => committer.run({ apply: () => undefined })
  const click = (id: string, fields: Partial<Single<'queued'>> = {}) => {
    const record = aMutation({ id, seq: null, rev: 0, storedAt: null, request: id, ...fields })
    return committer.run(enqueue([record], { maxUnfinished: 5, maxBytes: 1e6, duplicateWindowMs: 0, now: clock.now() }))
  }
  const end = (id: string) => {
    const now = clock.now()
    const result = { outcome: 'rejected', status: 403, code: 'FORBIDDEN', body: null, replayed: false, at: now } as const
    const decide = (current: MutationRecord) => (isBulk(current) || hasEnded(current) ? undefined : settled(current, { result }))
    return committer.run(change(aMutation({ id }), decide, { now }))
  }
  const tidy = () =>
    committer.run(forget(committed.flatMap((news) => [...news.written.values()].flatMap((entry) => recordOf(entry) ?? []))))
  const hear = (news: Committed) => !committer.follow(news.written, news.from, news.to).isBehind
  await load()
  asked.mockClear()
  written.length = 0
  return { asked, written, committed, load, click, end, tidy, hear }
}
type Tab = Awaited<ReturnType<typeof openTab>>

const stored = async () =>
  (await storage.entries()).flatMap(([key, value]) => (key === 'meta' ? [] : [[key, (value as MutationRecord).id]]))

let one: Tab
let other: Tab
beforeEach(async () => {
  clock = fakeClock()
  storage = new MemoryStorage(new Map([['meta', { birth: 'a', seq: 0, revision: 0 }]]))
  one = await openTab()
  other = await openTab()
})

describe('a new click', () => {
  test('is one new entry at its place, and asks nothing', async () => {
    await one.click('a')
    await one.click('b')
    expect(one.asked).not.toHaveBeenCalled()
    expect(one.written.map((writes) => writes.map(({ key, isNew }) => [key, isNew]))).toEqual([[[1, true]], [[2, true]]])
  })

  test('whose place another tab took stands behind that one', async () => {
    await Promise.all([one.click('a'), other.click('b')])
    expect(await stored()).toEqual([
      [1, 'a'],
      [2, 'b'],
    ])
    expect(other.committed.at(-1)?.changes.map(({ after }) => after?.id)).toEqual(['a', 'b'])
  })

  test('whose place the same click of another tab took is that one', async () => {
    const both = await Promise.all([one.click('a', { request: 'same' }), other.click('b', { request: 'same' })])
    expect(both).toEqual([{ kind: 'stored' }, { kind: 'joined', id: 'a' }])
    expect(await stored()).toEqual([[1, 'a']])
  })

  test('that seems to repeat one which another tab ended meanwhile is decided on what is stored', async () => {
    await one.click('a', { request: 'same' })
    other.hear(one.committed.at(-1)!)
    await one.end('a')
    expect(await other.click('b', { request: 'same' })).toEqual({ kind: 'stored' })
  })

  test('that seems to find no room is decided on what is stored', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) await one.click(id)
    for (const news of one.committed.slice(1)) other.hear(news)
    await one.end('a')
    expect(await other.click('f')).toEqual({ kind: 'stored' })
    expect(await other.click('g')).toEqual({ kind: 'full' })
  })

  test('that is stored already, as its storage failed only in what it said, is not stored twice', async () => {
    await one.click('a')
    await one.end('a')
    expect(await one.click('a')).toEqual({ kind: 'stored' })
    expect(new Map(await storage.entries()).get(1)).toMatchObject({ id: 'a', seq: 1, state: 'settled' })
  })
})

describe('what a tab knows', () => {
  test.each([
    ['for 20 seconds', () => clock.advance(20_000)],
    ['until the clock steps back', async () => clock.step(-1)],
  ])('counts without asking %s', async (_name, pass) => {
    await pass()
    await one.click('a')
    expect(one.asked).toHaveBeenCalledTimes(1)
    await one.click('b')
    expect(one.asked).toHaveBeenCalledTimes(1)
  })

  test('is completed by what was added and what was changed, in one look', async () => {
    await one.click('a')
    await one.click('b')
    await one.end('a')
    await other.load()
    const learned = other.committed.at(-1)!.changes.map(({ after }) => [after?.id, recordOf(after)?.state])
    expect(learned).toEqual([
      ['a', 'settled'],
      ['b', 'queued'],
    ])
  })

  test('follows what it is told, and notices what it was not told', async () => {
    await one.click('a')
    await one.click('b')
    const [, first, second] = one.committed
    expect(other.hear(second!)).toBe(false)
    expect(other.hear(first!)).toBe(true)
    expect(other.hear(second!)).toBe(true)
    await other.click('c')
    expect(other.asked).not.toHaveBeenCalled()
    expect((await stored()).map(([key]) => key)).toEqual([1, 2, 3])
  })

  test('never makes it take the place of what was forgotten since', async () => {
    await one.click('a')
    await clock.advance(60_000)
    await one.end('a')
    await one.tidy()
    expect(await stored()).toEqual([])
    await other.click('b')
    expect(await stored()).toEqual([[2, 'b']])
  })
})

test('a place is kept as long as a tab may take it for free', () => {
  const record = aMutation({ storedAt: 1_000_000 })
  expect(isPlaceKept(record, 1_059_999)).toBe(true)
  expect(isPlaceKept(record, 1_060_000)).toBe(false)
  // From the future: the clock was stepped back, and all that tabs knew counts no more.
  expect(isPlaceKept(record, 999_999)).toBe(false)
})
