import { describe, expect, it } from '@jest/globals'
import { SharedHitStore } from './SharedHitStore.js'

/** What Redis does, in a map. */
function aShare() {
  const counters = new Map<string, number>()
  return {
    counters,
    share: async (counter: string, hits: number) => {
      counters.set(counter, (counters.get(counter) ?? 0) + hits)
      return counters.get(counter) ?? 0
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
    const { share } = aShare()
    const [one, two] = ['one', 'two'].map(() => new SharedHitStore({ prefix: 'user:', share, now: () => 0 })) as [
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
    const { share, counters } = aShare()
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
    expect([...counters.values()]).toEqual([2])
    store.shutdown()
  })

  it('forgets a key that is reset', () => {
    const store = new SharedHitStore({ prefix: 'user:', share: null })
    store.increment('ana')
    store.resetKey('ana')
    expect(store.increment('ana').totalHits).toBe(1)
  })
})
