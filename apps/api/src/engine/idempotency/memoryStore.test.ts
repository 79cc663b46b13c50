import { describe, expect, it } from '@jest/globals'
import { anAnswer, describeIdempotencyStore } from '../../../test/support/idempotencyStoreContract.js'
import { MemoryStore } from './memoryStore.js'

let now = 0
const clock = () => now

describeIdempotencyStore('MemoryStore', {
  open: async () => new MemoryStore({ now: clock }),
  advance: async (ms) => {
    now += ms
  },
})

describe('MemoryStore within its bounds', () => {
  const claim = (store: MemoryStore, id: string) => store.begin(id, { fingerprint: 'v1:a', owner: 'ana', leaseMs: 15_000 })
  const store10 = () => new MemoryStore({ maxEntries: 10, now: clock })
  const fill = async (store: MemoryStore, id: string, body = Buffer.from('x')) => {
    await claim(store, id)
    await store.complete(id, { owner: 'ana', answer: anAnswer({ body }), windowMs: 60_000 })
  }

  it('forgets its oldest answer, and never a pending claim, when it is full', async () => {
    const store = store10()
    await claim(store, 'pending')
    for (let index = 0; index < 20; index += 1) await fill(store, `answer-${index}`)
    expect(store.size.entries).toBe(10)
    expect((await store.begin('pending', { fingerprint: 'v1:a', owner: 'ben', leaseMs: 1 })).kind).toBe('pending')
    expect((await claim(store, 'answer-19')).kind).toBe('completed')
    expect((await claim(store, 'answer-0')).kind).toBe('new')
  })

  it('rejects a claim when all it may hold are pending, so that the ledger decides', async () => {
    const store = store10()
    for (let index = 0; index < 10; index += 1) await claim(store, `pending-${index}`)
    await expect(claim(store, 'one too many')).rejects.toThrow('10 claims are pending')
  })

  it('gives a lapsed claim’s place away before it rejects anyone', async () => {
    const store = store10()
    for (let index = 0; index < 10; index += 1) await claim(store, `pending-${index}`)
    now += 15_001
    expect((await claim(store, 'late')).kind).toBe('new')
  })

  it('stays within its bytes and does not keep an answer larger than all of them', async () => {
    const store = new MemoryStore({ maxBytes: 20_000, now: clock })
    for (let index = 0; index < 50; index += 1) await fill(store, `answer-${index}`, Buffer.alloc(1_000))
    expect(store.size.bytes).toBeLessThanOrEqual(20_000)
    expect(store.size.entries).toBeGreaterThan(5)
    await fill(store, 'huge', Buffer.alloc(30_000))
    expect((await claim(store, 'huge')).kind).toBe('new')
  })

  it('lets go of answers whose window ended while others come and go', async () => {
    const store = new MemoryStore({ now: clock })
    for (let index = 0; index < 100; index += 1) await fill(store, `old-${index}`)
    now += 60_001
    for (let index = 0; index < 30; index += 1) await fill(store, `new-${index}`)
    expect(store.size.entries).toBe(30)
    expect(store.size.bytes).toBe(30 * (1 + 1_024))
  })

  it.each([{ maxEntries: 0 }, { maxBytes: 0 }, { maxEntries: Number.NaN }])('refuses %j', (options) => {
    expect(() => new MemoryStore(options)).toThrow(RangeError)
  })
})
