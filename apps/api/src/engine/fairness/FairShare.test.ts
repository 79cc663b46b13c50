import { describe, expect, it } from '@jest/globals'
import { FairShare, type Share } from './FairShare.js'
import { NoPlaceError, Rooms } from './Room.js'

const turn = () => new Promise((resolve) => setImmediate(resolve))
/** Nobody asks what became of it. */
const unheard = (waiting: Promise<unknown>) => void waiting.catch(() => undefined)
const aShare = (fields: Partial<Share> = {}): Share => ({ tenant: 'org-1', lanes: [], isBulk: false, ...fields })

/** Work that ends when told to, and how many of it are under way at once. */
function someWork() {
  const open: (() => void)[] = []
  let begun = 0
  return {
    begun: () => begun,
    atOnce: () => open.length,
    work: () =>
      new Promise<string>((resolve) => {
        begun += 1
        open.push(() => resolve('done'))
      }),
    async endOne() {
      open.shift()?.()
      await turn()
    },
  }
}

describe('a room', () => {
  it('lets in as many as it has places, the others in their order', async () => {
    const rooms = new Rooms({ places: 2, waiting: 10, waitMs: 1_000 })
    const { work, atOnce, endOne } = someWork()
    const all = Promise.all([1, 2, 3, 4, 5].map(() => rooms.enter('a', work)))
    await turn()
    expect(atOnce()).toBe(2)
    for (let ended = 0; ended < 5; ended += 1) await endOne()
    expect(await all).toHaveLength(5)
  })

  it('is forgotten when nobody is in it', async () => {
    const rooms = new Rooms({ places: 1, waiting: 10, waitMs: 1_000 })
    await Promise.all([rooms.enter('a', async () => 1), rooms.enter('a', async () => 2), rooms.enter('b', async () => 3)])
    expect(rooms.size).toBe(0)
  })

  it('refuses at once when too many wait, and after a while whoever waits too long; their work is never begun', async () => {
    const rooms = new Rooms({ places: 1, waiting: 1, waitMs: 5 })
    const { work, begun, endOne } = someWork()
    const first = rooms.enter('a', work)
    const second = rooms.enter('a', work)
    await expect(rooms.enter('a', work)).rejects.toBeInstanceOf(NoPlaceError)
    await expect(second).rejects.toBeInstanceOf(NoPlaceError)
    await endOne()
    expect(await first).toBe('done')
    await turn()
    expect([begun(), rooms.size]).toEqual([1, 0])
  })

  it('passes a failure on and gives the place to the next', async () => {
    const rooms = new Rooms({ places: 1, waiting: 1, waitMs: 1_000 })
    const failing = rooms.enter('a', () => Promise.reject(new Error('of the work')))
    const next = rooms.enter('a', async () => 'next')
    await expect(failing).rejects.toThrow('of the work')
    expect(await next).toBe('next')
  })
})

describe('the share of', () => {
  it('one organisation is half of the connections, and another has its own', async () => {
    const share = new FairShare({ connections: 10 })
    const [busy, other] = [someWork(), someWork()]
    for (let click = 0; click < 30; click += 1) unheard(share.run(aShare({ lanes: [`lead:${click}`] }), busy.work))
    unheard(share.run(aShare({ tenant: 'org-2' }), other.work))
    await turn()
    expect([busy.atOnce(), other.atOnce()]).toEqual([5, 1])
  })

  it('bulk changes of all organisations is a quarter', async () => {
    const share = new FairShare({ connections: 10 })
    const { work, atOnce } = someWork()
    for (let bulk = 0; bulk < 8; bulk += 1) unheard(share.run(aShare({ tenant: `org-${bulk}`, isBulk: true }), work))
    await turn()
    expect(atOnce()).toBe(2)
  })

  it('bulk changes of one organisation is one, so that another one comes next', async () => {
    const share = new FairShare({ connections: 40 })
    const [busy, other] = [someWork(), someWork()]
    for (let bulk = 0; bulk < 30; bulk += 1) unheard(share.run(aShare({ isBulk: true }), busy.work))
    unheard(share.run(aShare({ tenant: 'org-2', isBulk: true }), other.work))
    await turn()
    expect([busy.atOnce(), other.atOnce()]).toEqual([1, 1])
    await busy.endOne()
    expect([busy.begun(), busy.atOnce()]).toEqual([2, 1])
  })

  it('one lane is one connection; the others wait without any', async () => {
    const share = new FairShare({ connections: 10 })
    const [row, elsewhere] = [someWork(), someWork()]
    for (let click = 0; click < 30; click += 1) unheard(share.run(aShare({ lanes: ['lead:7:status'] }), row.work))
    for (let click = 0; click < 4; click += 1) unheard(share.run(aShare({ lanes: [`lead:${click}:status`] }), elsewhere.work))
    await turn()
    expect([row.atOnce(), elsewhere.atOnce()]).toEqual([1, 4])
  })

  it('the same lane of two organisations is two', async () => {
    const share = new FairShare({ connections: 10 })
    const { work, atOnce } = someWork()
    // Names that a plain join would confuse.
    unheard(share.run(aShare({ tenant: 'a', lanes: ['bc'] }), work))
    unheard(share.run(aShare({ tenant: 'ab', lanes: ['c'] }), work))
    await turn()
    expect(atOnce()).toBe(2)
  })

  it('several lanes is taken in one order, so that nobody waits for each other for ever', async () => {
    const share = new FairShare({ connections: 10 })
    const done = Promise.all([
      share.run(aShare({ lanes: ['a', 'b', 'a'] }), async () => 1),
      share.run(aShare({ lanes: ['b', 'a'] }), async () => 2),
    ])
    expect(await done).toEqual([1, 2])
  })
})

describe('who gets no turn', () => {
  it('is told that the record is busy', async () => {
    const share = new FairShare({ connections: 10 })
    const { work } = someWork()
    const crowd = Array.from({ length: 52 }, () => share.run(aShare({ lanes: ['lead:7:status'] }), work))
    for (const waiting of crowd.slice(0, 51)) waiting.catch(() => undefined)
    await expect(crowd[51]).rejects.toMatchObject({ code: 'ROW_BUSY', retryAfterMs: 2_000 })
  })

  it('is told that it is too much at once', async () => {
    const share = new FairShare({ connections: 2 })
    const { work } = someWork()
    const crowd = Array.from({ length: 202 }, (_, click) => share.run(aShare({ lanes: [`lead:${click}`] }), work))
    for (const waiting of crowd.slice(0, 201)) waiting.catch(() => undefined)
    await expect(crowd[201]).rejects.toMatchObject({ code: 'OVERLOADED', status: 503, retryAfterMs: 2_000 })
  })
})
