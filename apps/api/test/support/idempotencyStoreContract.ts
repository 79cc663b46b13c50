import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { IdempotencyStore, StoredAnswer } from '../../src/engine/idempotency/IdempotencyStore.js'

export interface StoreUnderTest {
  /** An empty store. */
  open(): Promise<IdempotencyStore>
  /** Lets time pass for what the opened store holds. */
  advance(ms: number): Promise<void>
}

const LEASE_MS = 15_000
const WINDOW_MS = 60_000
const FINGERPRINT = 'v1:fingerprint-of-the-request'
const OTHER_FINGERPRINT = 'v1:fingerprint-of-another'

export function anAnswer(fields: Partial<StoredAnswer> = {}): StoredAnswer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"success":true}'), ...fields }
}

/** What every fast store must do, whatever it is made of. */
export function describeIdempotencyStore(name: string, { open, advance }: StoreUnderTest): void {
  const claim = (store: IdempotencyStore, fields: { id?: string; owner?: string; fingerprint?: string } = {}) =>
    store.begin(fields.id ?? 'one', { fingerprint: fields.fingerprint ?? FINGERPRINT, owner: fields.owner ?? 'ana', leaseMs: LEASE_MS })
  const finish = (store: IdempotencyStore, fields: { id?: string; owner?: string; answer?: StoredAnswer } = {}) =>
    store.complete(fields.id ?? 'one', { owner: fields.owner ?? 'ana', answer: fields.answer ?? anAnswer(), windowMs: WINDOW_MS })

  describe(`${name} as an idempotency store`, () => {
    it('gives an unknown key to the first who asks and tells the next how long the lease still runs', async () => {
      const store = await open()
      expect(await claim(store)).toEqual({ kind: 'new' })
      await advance(5_000)
      const second = await claim(store, { owner: 'ben' })
      expect(second.kind).toBe('pending')
      expect(second.kind === 'pending' && second.remainingMs).toBeGreaterThan(LEASE_MS - 6_000)
      expect(second.kind === 'pending' && second.remainingMs).toBeLessThanOrEqual(LEASE_MS - 5_000)
    })

    it('lets exactly one of many concurrent callers through', async () => {
      const store = await open()
      const results = await Promise.all(Array.from({ length: 50 }, (_, index) => claim(store, { owner: `owner-${index}` })))
      expect(results.filter(({ kind }) => kind === 'new')).toHaveLength(1)
      expect(results.filter(({ kind }) => kind === 'pending')).toHaveLength(49)
    })

    it('says mismatch to another request under the same key, pending or completed', async () => {
      const store = await open()
      await claim(store)
      expect(await claim(store, { fingerprint: OTHER_FINGERPRINT })).toEqual({ kind: 'mismatch' })
      await finish(store)
      expect(await claim(store, { fingerprint: OTHER_FINGERPRINT })).toEqual({ kind: 'mismatch' })
    })

    it.each([
      ['text', Buffer.from('{"name":"Zoë ✓"}')],
      ['nothing', Buffer.alloc(0)],
      ['any bytes', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
    ])('replays a body of %s byte by byte, with status and headers', async (_what, body) => {
      const store = await open()
      const answer = anAnswer({ status: 201, headers: { 'content-type': 'text/plain', location: '/here' }, body })
      await claim(store)
      expect(await finish(store, { answer })).toBe(true)
      const replay = await claim(store, { owner: 'ben' })
      expect(replay).toEqual({ kind: 'completed', answer, foreignFingerprint: false })
    })

    it('keeps an answer for the window counted from completion, and no longer', async () => {
      const store = await open()
      await claim(store)
      await advance(10_000)
      await finish(store)
      await advance(WINDOW_MS - 1_000)
      expect((await claim(store)).kind).toBe('completed')
      await advance(2_000)
      expect(await claim(store)).toEqual({ kind: 'new' })
    })

    it('takes a key from an owner whose lease ran out, and fences that owner off', async () => {
      const store = await open()
      await claim(store)
      await advance(LEASE_MS + 1)
      expect(await claim(store, { owner: 'ben' })).toEqual({ kind: 'new' })
      expect(await finish(store)).toBe(false)
      expect(await store.renew('one', { owner: 'ana', leaseMs: LEASE_MS })).toBe(false)
      expect(await store.release('one', { owner: 'ana' })).toBe(false)
      expect((await claim(store, { owner: 'eve' })).kind).toBe('pending')
    })

    it('counts a lease that ran out as nobody’s, also before anyone took it over', async () => {
      const store = await open()
      await claim(store)
      await advance(LEASE_MS + 1)
      expect(await store.renew('one', { owner: 'ana', leaseMs: LEASE_MS })).toBe(false)
      expect(await finish(store)).toBe(false)
      expect(await store.release('one', { owner: 'ana' })).toBe(false)
    })

    it('renews the lease of its owner alone', async () => {
      const store = await open()
      await claim(store)
      await advance(10_000)
      expect(await store.renew('one', { owner: 'ben', leaseMs: LEASE_MS })).toBe(false)
      expect(await store.renew('one', { owner: 'ana', leaseMs: LEASE_MS })).toBe(true)
      await advance(10_000)
      expect((await claim(store, { owner: 'ben' })).kind).toBe('pending')
    })

    it('releases a claim for its owner alone, and nothing that is completed', async () => {
      const store = await open()
      await claim(store)
      expect(await store.release('one', { owner: 'ben' })).toBe(false)
      expect(await store.release('one', { owner: 'ana' })).toBe(true)
      expect(await claim(store, { owner: 'ben' })).toEqual({ kind: 'new' })
      await finish(store, { owner: 'ben' })
      expect(await store.release('one', { owner: 'ben' })).toBe(false)
      expect(await finish(store, { owner: 'ben' })).toBe(false)
      expect((await claim(store)).kind).toBe('completed')
    })

    it('keeps keys apart', async () => {
      const store = await open()
      await claim(store, { id: 'one' })
      expect(await claim(store, { id: 'two' })).toEqual({ kind: 'new' })
      await finish(store, { id: 'two', answer: anAnswer({ body: Buffer.from('two') }) })
      expect((await claim(store, { id: 'one', owner: 'ben' })).kind).toBe('pending')
    })

    it('counts a fingerprint of an unknown version as a match and says so', async () => {
      const store = await open()
      await claim(store, { fingerprint: 'v9:made-by-tomorrow’s-code' })
      await finish(store)
      expect(await claim(store)).toEqual({ kind: 'completed', answer: anAnswer(), foreignFingerprint: true })
    })

    it('agrees with a model over random sequences of verbs and waits', async () => {
      const step = fc.record({
        verb: fc.constantFrom('begin', 'complete', 'renew', 'release', 'advance'),
        owner: fc.constantFrom('ana', 'ben', 'eve'),
        id: fc.constantFrom('one', 'two'),
        fingerprint: fc.constantFrom(FINGERPRINT, OTHER_FINGERPRINT),
      })
      const sequences = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const store = await open()
        const model = new StoreModel()
        for (const { verb, owner, id, fingerprint } of steps) {
          if (verb === 'advance') {
            model.now += 6_000
            await advance(6_000)
          } else if (verb === 'begin') {
            expect((await claim(store, { id, owner, fingerprint })).kind).toBe(model.begin(id, owner, fingerprint))
          } else if (verb === 'complete') {
            expect(await finish(store, { id, owner })).toBe(model.owned(id, owner, 'completed', WINDOW_MS))
          } else if (verb === 'renew') {
            expect(await store.renew(id, { owner, leaseMs: LEASE_MS })).toBe(model.owned(id, owner, 'pending', LEASE_MS))
          } else {
            expect(await store.release(id, { owner })).toBe(model.owned(id, owner, 'absent', 0))
          }
        }
      })
      await fc.assert(sequences, { numRuns: 200 })
    })
  })
}

/** The few lines a store amounts to when nothing is concurrent and memory is free. */
class StoreModel {
  now = 0
  readonly #entries = new Map<string, { state: 'pending' | 'completed'; owner: string; fingerprint: string; endsAt: number }>()

  begin(id: string, owner: string, fingerprint: string): string {
    const entry = this.#live(id)
    if (entry === undefined) {
      this.#entries.set(id, { state: 'pending', owner, fingerprint, endsAt: this.now + LEASE_MS })
      return 'new'
    }
    return entry.fingerprint === fingerprint ? entry.state : 'mismatch'
  }

  owned(id: string, owner: string, next: 'pending' | 'completed' | 'absent', lifeMs: number): boolean {
    const entry = this.#live(id)
    if (entry?.state !== 'pending' || entry.owner !== owner) return false
    if (next === 'absent') this.#entries.delete(id)
    else this.#entries.set(id, { ...entry, state: next, endsAt: this.now + lifeMs })
    return true
  }

  #live(id: string) {
    const entry = this.#entries.get(id)
    return entry !== undefined && entry.endsAt > this.now ? entry : undefined
  }
}
