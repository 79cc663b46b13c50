import { describe, expect, it } from '@jest/globals'
import { SharedHitStore } from './SharedHitStore.js'

/** What Redis does, in a map. */
function aShare() {
  const said = new Map<string, number>()
  const sumOf = (counter: string) => [...said].reduce((sum, [name, hits]) => (name.startsWith(`${counter} by `) ? sum + hits : sum), 0)
  return {
    total: () => [...said.values()].reduce((sum, hits) => sum + hits, 0),
    shareBy: (process: string) => async (counter: string, hits: number) => {
      said.set(`${counter} by ${process}`, hits)
      return sumOf(counter)
    },
  }
}

describe('SharedHitStore', () => {
  it('counts for itself when nothing is shared, window by window', () => {
    let now = 0
    const store = new SharedHitStore({ prefix: 'user:', share: null, now: () => now })
    store.init({ windowMs: 60_000 })
    store.increment('ana')
    expect(store.increment('ana')).toEqual({ totalHits: 2, resetTime: new Date(60_000) })
    expect(store.increment('ben').totalHits).toBe(1)
    store.decrement('ana')
    expect(store.get('ana').totalHits).toBe(1)
    now = 60_000
    expect(store.increment('ana')).toEqual({ totalHits: 1, resetTime: new Date(120_000) })
  })

  it('adds what other replicas counted once they told each other', async () => {
    const { shareBy } = aShare()
    const [one, two] = ['one', 'two'].map((name) => new SharedHitStore({ prefix: 'user:', share: shareBy(name), now: () => 0 })) as [
      SharedHitStore,
      SharedHitStore,
    ]
    for (let hit = 0; hit < 3; hit += 1) one.increment('ana')
    two.increment('ana')
    await one.shareNow()
    await two.shareNow()
    expect(two.get('ana').totalHits).toBe(4)
    one.decrement('ana')
    await one.shareNow()
    expect(one.get('ana').totalHits).toBe(3)
    one.shutdown()
    two.shutdown()
  })

  it('loses no hit over a failed telling', async () => {
    const { shareBy, total } = aShare()
    const share = shareBy('one')
    let down = true
    const store = new SharedHitStore({
      prefix: 'user:',
      share: (...hit) => (down ? Promise.reject(new Error('Redis is away')) : share(hit[0], hit[1])),
      now: () => 0,
    })
    store.increment('ana')
    await expect(store.shareNow()).rejects.toThrow('Redis is away')
    down = false
    store.increment('ana')
    await store.shareNow()
    expect(total()).toBe(2)
    store.shutdown()
  })

  it('counts a hit once, however often it was told while nobody knew whether that arrived', async () => {
    const { shareBy } = aShare()
    const share = shareBy('one')
    let isSlow = true
    const store = new SharedHitStore({
      prefix: 'user:',
      share: (...hit) => share(hit[0], hit[1]).then((sum) => (isSlow ? Promise.reject(new Error('Redis did not answer in time')) : sum)),
      now: () => 0,
    })
    for (let hit = 0; hit < 5; hit += 1) {
      store.increment('ana')
      await expect(store.shareNow()).rejects.toThrow('in time')
    }
    isSlow = false
    await store.shareNow()
    expect(store.get('ana').totalHits).toBe(5)
    store.shutdown()
  })

  it('forgets a key that is reset', () => {
    const store = new SharedHitStore({ prefix: 'user:', share: null })
    store.increment('ana')
    store.resetKey('ana')
    expect(store.increment('ana').totalHits).toBe(1)
  })
})
