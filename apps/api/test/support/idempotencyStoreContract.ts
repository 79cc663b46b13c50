import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Claim, IdempotencyStore, Outcome, StoredAnswer } from '../../src/engine/idempotency/IdempotencyStore.js'

export interface StoreUnderTest {
  /** An empty store. */
  open(): Promise<IdempotencyStore>
  /** Lets time pass for what the opened store holds. */
  advance(ms: number): Promise<void>
}

const LEASE_MS = 15_000
const WINDOW_MS = 60_000

export function anAnswer(fields: Partial<StoredAnswer> = {}): StoredAnswer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"success":true}'), ...fields }
}

export function aClaim(fields: Partial<Claim> = {}): Claim {
  return { id: 'one', fingerprint: 'v1:a-request', owner: 'ana', leaseMs: LEASE_MS, windowMs: WINDOW_MS, ...fields }
}

export function answered(fields: Partial<StoredAnswer> = {}): Outcome {
  return { kind: 'answered', answer: anAnswer(fields) }
}

/** What every store must do, whatever it is made of. */
export function describeIdempotencyStore(name: string, { open, advance }: StoreUnderTest): void {
  const ana = aClaim()
  const ben = aClaim({ owner: 'ben' })
  const pending = (fields: { owner?: string; isAlive?: boolean } = {}) => ({
    kind: 'pending',
    fingerprint: ana.fingerprint,
    owner: 'ana',
    isAlive: true,
    ...fields,
  })

  describe(`${name} as an idempotency store`, () => {
    it('gives a free key to the first who asks and tells the next whose it is, whatever they ask for', async () => {
      const store = await open()
      expect(await store.claim(ana)).toEqual({ kind: 'new' })
      await advance(5_000)
      expect(await store.claim(ben)).toEqual(pending())
      expect(await store.claim(aClaim({ owner: 'ben', fingerprint: 'v1:another' }))).toEqual(pending())
      expect(await store.claim(ana)).toEqual(pending())
    })

    it('lets exactly one of many concurrent callers through', async () => {
      const store = await open()
      const found = await Promise.all(Array.from({ length: 50 }, (_, index) => store.claim(aClaim({ owner: `owner-${index}` }))))
      expect(found.filter(({ kind }) => kind === 'new')).toHaveLength(1)
      expect(found.filter(({ kind }) => kind === 'pending')).toHaveLength(49)
    })

    it.each([
      ['text', Buffer.from('{"name":"Zoë ✓"}')],
      ['lines of text', Buffer.from('one\ntwo\n')],
      ['nothing', Buffer.alloc(0)],
      ['any bytes', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
    ])('replays a body of %s byte by byte, with status and headers', async (_what, body) => {
      const store = await open()
      const answer = anAnswer({ status: 201, headers: { link: ['</a>', '</b>'], location: '/hier/ü' }, body })
      await store.claim(ana)
      expect(await store.complete(ana, { kind: 'answered', answer })).toBe(true)
      expect(await store.claim(ben)).toEqual({ kind: 'answered', fingerprint: ana.fingerprint, answer })
    })

    it('takes a text for its bytes', async () => {
      const store = await open()
      await store.claim(ana)
      await store.complete(ana, answered({ body: 'Zoë ✓ \n\ud83d\ude80' }))
      const found = await store.claim(ben)
      expect(found.kind === 'answered' && Buffer.from(found.answer.body)).toEqual(Buffer.from('Zoë ✓ \n\ud83d\ude80'))
    })

    it('keeps of an answer that is not kept that there was one', async () => {
      const store = await open()
      await store.claim(ana)
      expect(await store.complete(ana, { kind: 'not-kept', status: 201 })).toBe(true)
      expect(await store.claim(ben)).toEqual({ kind: 'not-kept', status: 201, fingerprint: ana.fingerprint })
    })

    it('keeps an answer for the window counted from its completion, and no longer', async () => {
      const store = await open()
      await store.claim(ana)
      await advance(10_000)
      await store.complete(ana, answered())
      await advance(WINDOW_MS - 1_000)
      expect((await store.claim(ben)).kind).toBe('answered')
      await advance(2_000)
      expect(await store.claim(ben)).toEqual({ kind: 'new' })
    })

    it('gives nobody the key of an owner that fell silent, until its window ended', async () => {
      const store = await open()
      await store.claim(ana)
      await advance(LEASE_MS + 1_000)
      expect(await store.claim(ben)).toEqual(pending({ isAlive: false }))
      expect(await store.release(ben)).toBe(false)
      expect(await store.complete(ben, answered())).toBe(false)
      expect(await store.renew(ben)).toBe(false)
      await advance(WINDOW_MS - LEASE_MS)
      expect(await store.claim(ben)).toEqual({ kind: 'new' })
    })

    it('takes the answer of an owner that was silent for long', async () => {
      const store = await open()
      await store.claim(ana)
      await advance(LEASE_MS * 2)
      expect(await store.complete(ana, answered())).toBe(true)
      expect((await store.claim(ben)).kind).toBe('answered')
    })

    it('counts its owner as alive from its last sign', async () => {
      const store = await open()
      await store.claim(ana)
      await advance(10_000)
      expect(await store.renew(ana)).toBe(true)
      await advance(10_000)
      expect(await store.claim(ben)).toEqual(pending())
      await advance(10_000)
      expect(await store.claim(ben)).toEqual(pending({ isAlive: false }))
      expect(await store.renew(ana)).toBe(true)
      expect(await store.claim(ben)).toEqual(pending())
    })

    it('takes a claim, or its answer, back in when it has lost it', async () => {
      const store = await open()
      expect(await store.renew(ana)).toBe(true)
      expect(await store.claim(ben)).toEqual(pending())
      const two = aClaim({ id: 'two' })
      expect(await store.complete(two, answered())).toBe(true)
      expect((await store.claim(aClaim({ id: 'two', owner: 'ben' }))).kind).toBe('answered')
    })

    it('completes once: the same again is no harm, another’s nothing', async () => {
      const store = await open()
      await store.claim(ana)
      expect(await store.complete(ben, answered({ status: 500 }))).toBe(false)
      expect(await store.complete(ana, answered())).toBe(true)
      expect(await store.complete(ana, answered())).toBe(true)
      expect(await store.complete(ben, answered({ status: 500 }))).toBe(false)
      expect(await store.renew(ana)).toBe(false)
      expect(await store.claim(ben)).toMatchObject({ kind: 'answered', answer: { status: 200 } })
    })

    it('releases a claim for its owner alone, and nothing that has ended', async () => {
      const store = await open()
      await store.claim(ana)
      expect(await store.release(ben)).toBe(false)
      expect(await store.release(ana)).toBe(true)
      expect(await store.release(ana)).toBe(false)
      expect(await store.claim(ben)).toEqual({ kind: 'new' })
      await store.complete(ben, answered())
      expect(await store.release(ben)).toBe(false)
      expect((await store.claim(ana)).kind).toBe('answered')
    })

    it('keeps keys apart', async () => {
      const store = await open()
      await store.claim(ana)
      expect(await store.claim(aClaim({ id: 'two' }))).toEqual({ kind: 'new' })
      await store.complete(aClaim({ id: 'two' }), answered())
      expect((await store.claim(ben)).kind).toBe('pending')
    })

    it('agrees with a model over random sequences of verbs and waits', async () => {
      const step = fc.record({
        verb: fc.constantFrom('claim', 'complete', 'renew', 'release', 'advance'),
        owner: fc.constantFrom('ana', 'ben', 'eve'),
        id: fc.constantFrom('one', 'two'),
      })
      const sequences = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const store = await open()
        const model = new StoreModel()
        for (const { verb, owner, id } of steps) {
          const claim = aClaim({ id, owner })
          if (verb === 'advance') {
            model.now += 6_000
            await advance(6_000)
          } else if (verb === 'claim') expect((await store.claim(claim)).kind).toBe(model.claim(id, owner))
          else if (verb === 'complete') expect(await store.complete(claim, answered())).toBe(model.complete(id, owner))
          else if (verb === 'renew') expect(await store.renew(claim)).toBe(model.renew(id, owner))
          else expect(await store.release(claim)).toBe(model.release(id, owner))
        }
      })
      await fc.assert(sequences, { numRuns: 200, seed: 20261130 })
    })
  })
}

/** The few lines a store amounts to when nothing is concurrent and memory is free. */
class StoreModel {
  now = 0
  readonly #entries = new Map<string, { state: 'pending' | 'answered'; owner: string; endsAt: number }>()

  claim(id: string, owner: string): string {
    const entry = this.#live(id)
    if (entry === undefined) this.#put(id, owner, 'pending')
    return entry?.state ?? 'new'
  }

  renew(id: string, owner: string): boolean {
    const entry = this.#live(id)
    if (entry !== undefined && (entry.owner !== owner || entry.state !== 'pending')) return false
    return this.#put(id, owner, 'pending')
  }

  complete(id: string, owner: string): boolean {
    if ((this.#live(id)?.owner ?? owner) !== owner) return false
    return this.#put(id, owner, 'answered')
  }

  release(id: string, owner: string): boolean {
    const entry = this.#live(id)
    return entry?.owner === owner && entry.state === 'pending' && this.#entries.delete(id)
  }

  #put(id: string, owner: string, state: 'pending' | 'answered'): boolean {
    this.#entries.set(id, { state, owner, endsAt: this.now + WINDOW_MS })
    return true
  }

  #live(id: string) {
    const entry = this.#entries.get(id)
    return entry !== undefined && entry.endsAt > this.now ? entry : undefined
  }
}
