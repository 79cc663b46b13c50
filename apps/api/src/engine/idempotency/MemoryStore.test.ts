import { describe, expect, it } from '@jest/globals'
import { aClaim, answered, describeIdempotencyStore } from '../../../test/support/idempotencyStoreContract.js'
import { StoreFullError } from './IdempotencyStore.js'
import { MemoryStore, type MemoryStoreOptions } from './MemoryStore.js'

let now = 0
const clock = () => now

describeIdempotencyStore('MemoryStore', {
  open: async () => new MemoryStore({ now: clock }),
  advance: async (ms) => {
    now += ms
  },
})

describe('MemoryStore within its bounds', () => {
  const open = (options: MemoryStoreOptions = {}) => new MemoryStore({ maxEntries: 10, now: clock, ...options })
  const claim = (store: MemoryStore, id: string, windowMs = 60_000) => store.claim(aClaim({ id, windowMs }))
  const fill = (store: MemoryStore, id: string, { bytes = 1, windowMs = 60_000 } = {}) => {
    claim(store, id, windowMs)
    store.complete(aClaim({ id, windowMs }), answered({ body: Buffer.alloc(bytes) }))
  }
  const again = (store: MemoryStore, id: string) => store.claim(aClaim({ id, owner: 'ben' })).kind

  it('lets go of its oldest answers when it is full, but not of their keys, and never of a key at work', () => {
    const store = open()
    claim(store, 'at work')
    for (let index = 0; index < 20; index += 1) fill(store, `answer-${index}`)
    expect(store.size).toMatchObject({ keys: 21, entries: 10 })
    expect([again(store, 'at work'), again(store, 'answer-19'), again(store, 'answer-0')]).toEqual(['pending', 'answered', 'not-kept'])
  })

  it('takes no further key while it may forget none', () => {
    const store = open({ maxKeys: 15 })
    for (let index = 0; index < 15; index += 1) fill(store, `answer-${index}`)
    expect(() => claim(store, 'one too many')).toThrow(StoreFullError)
    expect(again(store, 'answer-0')).toBe('not-kept')
    now += 60_001
    expect(claim(store, 'late').kind).toBe('new')
  })

  it('takes no further key while all it may hold are at work', () => {
    const store = open()
    for (let index = 0; index < 10; index += 1) claim(store, `at-work-${index}`)
    expect(() => claim(store, 'one too many')).toThrow('10 requests are at work')
    store.complete(aClaim({ id: 'at-work-3' }), answered())
    expect(claim(store, 'next').kind).toBe('new')
  })

  it('gives away the place of a key whose owner was silent for all of its window, and not a moment earlier', () => {
    const store = open()
    for (let index = 0; index < 10; index += 1) claim(store, `silent-${index}`)
    now += 59_000
    expect(() => claim(store, 'early')).toThrow(StoreFullError)
    now += 1_001
    expect(claim(store, 'late').kind).toBe('new')
  })

  it('stays within its bytes, one huge answer included', () => {
    const store = open({ maxEntries: 1_000, maxBytes: 20_000 })
    for (let index = 0; index < 50; index += 1) fill(store, `answer-${index}`, { bytes: 1_000 })
    expect(store.size.bytes).toBeLessThanOrEqual(20_000)
    expect(store.size.entries).toBeGreaterThan(5)
    fill(store, 'huge', { bytes: 30_000 })
    expect(store.size.bytes).toBeLessThanOrEqual(20_000)
    expect(again(store, 'huge')).toBe('not-kept')
  })

  it('lets go of what ended while others come and go', () => {
    const store = open({ maxEntries: 1_000 })
    for (let index = 0; index < 100; index += 1) fill(store, `old-${index}`)
    now += 60_001
    for (let index = 0; index < 30; index += 1) fill(store, `new-${index}`)
    expect(store.size).toEqual({ keys: 30, entries: 30, bytes: 30 * (1 + 1_024) })
  })

  it('finds what ended behind a key that is kept for longer', () => {
    const store = open({ maxKeys: 10 })
    fill(store, 'for long', { windowMs: 3_600_000 })
    for (let index = 0; index < 9; index += 1) fill(store, `short-${index}`)
    now += 60_001
    expect(claim(store, 'next').kind).toBe('new')
    expect(again(store, 'for long')).toBe('answered')
    expect(store.size.keys).toBe(2)
  })

  it('gives a key that comes back after its window a whole one again', () => {
    const store = open()
    fill(store, 'one')
    now += 60_001
    fill(store, 'one')
    now += 59_000
    for (let index = 0; index < 5; index += 1) claim(store, `other-${index}`)
    expect(again(store, 'one')).toBe('answered')
  })

  it('stays the same size however many keys come by', () => {
    const store = open({ maxEntries: 100, maxKeys: 200 })
    for (let index = 0; index < 20_000; index += 1) {
      now += 1_000
      fill(store, `key-${index}`)
    }
    expect(store.size.keys).toBeLessThan(70)
  })

  it.each([{ maxEntries: 0 }, { maxBytes: 0 }, { maxEntries: Number.NaN }, { maxKeys: 9 }, { maxKeys: Number.NaN }])(
    'refuses %j',
    (options) => {
      expect(() => open(options)).toThrow(RangeError)
    },
  )
})
