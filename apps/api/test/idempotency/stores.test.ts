import { describe, expect, it, jest } from '@jest/globals'
import { json, type RequestHandler } from 'express'
import { type IdempotencyStore, MemoryStore } from '../../src/engine/idempotency/index.js'
import { aClaim } from '../support/idempotencyStoreContract.js'
import { until } from '../support/until.js'
import { aShop, click, gate, KEY, OTHER_KEY, sent } from './shop.js'

const counting = () => jest.fn<RequestHandler>((_req, res) => void res.status(201).json({ made: 1 }))

describe('listeners', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('a listener’s own trouble')
      },
    ],
    ['rejects', () => Promise.reject(new Error('a listener’s own trouble'))],
  ])('that %s changes nothing, now or later', async (_what, onArrival) => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const run = jest.fn<RequestHandler>((_req, res) => void res.json({ fine: true }))
    const it = aShop(run, { onArrival: onArrival as () => void, onStoreError: onArrival as () => void })
    const answers = [await click(it), await click(it), await click(it, { key: 'x' })]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400])
    expect(run).toHaveBeenCalledTimes(1)
    await until(() => warn.mock.calls.length === 3)
    expect(warn.mock.calls[0]?.[0]).toContain('a listener’s own trouble')
    warn.mockRestore()
  })

  it('hear what became of each request', async () => {
    const onArrival = jest.fn()
    const it = aShop((_req, res) => void res.json({}), { onArrival })
    await click(it)
    await click(it)
    await click(it, { body: { other: 1 } })
    await click(it, { key: 'too short' })
    expect(onArrival.mock.calls.flat()).toEqual(['new', 'replayed', 'reused', 'no-key'])
  })
})

describe('what a request asks for', () => {
  const inner = new MemoryStore()
  const seen: string[] = []
  const store = (isInProcess?: boolean): IdempotencyStore => ({
    ...(isInProcess !== undefined && { isInProcess }),
    claim: (claim) => {
      seen.push(claim.fingerprint)
      return inner.claim(claim)
    },
    renew: (claim) => inner.renew(claim),
    complete: (claim, outcome) => inner.complete(claim, outcome),
    release: (claim) => inner.release(claim),
  })

  it('leaves this process as a hash alone', async () => {
    await click(aShop(counting(), { store: store() }), { body: { card: '4111' } })
    await click(aShop(counting(), { store: store(true) }), { body: { card: '4111' }, key: OTHER_KEY })
    expect(seen).toEqual([expect.stringMatching(/^v1:[\w-]{43}$/), expect.stringContaining('"card":"4111"')])
  })
})

describe('a store in trouble', () => {
  const broken = (fields: Partial<IdempotencyStore>): IdempotencyStore => {
    const store = new MemoryStore()
    const bound: IdempotencyStore = {
      claim: (claim) => store.claim(claim),
      renew: (claim) => store.renew(claim),
      complete: (claim, outcome) => store.complete(claim, outcome),
      release: (claim) => store.release(claim),
    }
    return { ...bound, ...fields }
  }
  const down = () => Promise.reject(new Error('down'))
  const throwing = () => {
    throw new Error('down')
  }

  it.each([down, throwing])('is a refusal, and no handler runs', async (claim) => {
    const onStoreError = jest.fn()
    const run = counting()
    const it = aShop(run, { store: broken({ claim }), onStoreError })
    const answer = await click(it)
    expect([answer.status, answer.body.code, answer.body.retryable, answer.headers['retry-after']]).toEqual([
      503,
      'STORE_UNAVAILABLE',
      true,
      '1',
    ])
    expect(run).not.toHaveBeenCalled()
    expect(onStoreError.mock.calls[0]).toMatchObject(['claim', { message: 'down' }])
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a yes', true],
    ['another word', { kind: 'free' }],
    ['an end without a fingerprint', { kind: 'not-kept', status: 200 }],
    ['an answer without headers', { kind: 'answered', fingerprint: 'v1:x', answer: { status: 200, body: '' } }],
  ])('that answers a claim with %s is a refusal, at once or later, and ends no process', async (_what, said) => {
    const unheard = jest.fn()
    process.on('unhandledRejection', unheard)
    for (const claim of [() => said, async () => said]) {
      const onStoreError = jest.fn()
      const run = counting()
      const answer = await click(aShop(run, { store: broken({ claim: claim as IdempotencyStore['claim'] }), onStoreError }))
      expect([answer.status, answer.body.code, run.mock.calls.length]).toEqual([503, 'STORE_UNAVAILABLE', 0])
      expect(onStoreError.mock.calls[0]).toMatchObject(['claim', { message: expect.stringContaining('claim must give') }])
    }
    process.off('unhandledRejection', unheard)
    expect(unheard).not.toHaveBeenCalled()
  })

  describe('that says nothing', () => {
    const silence = () => new Promise<never>(() => undefined)
    const silent = expect.objectContaining({ code: 'STORE_SILENT', message: expect.stringContaining('within 100 ms') })

    it('is a refusal, and no handler runs', async () => {
      const onStoreError = jest.fn()
      const run = counting()
      const answer = await click(aShop(run, { store: broken({ claim: silence }), patienceMs: 100, onStoreError }))
      expect([answer.status, answer.body.code]).toEqual([503, 'STORE_UNAVAILABLE'])
      expect(run).not.toHaveBeenCalled()
      expect(onStoreError.mock.calls).toEqual([['claim', silent]])
    })

    it('and claims the key after all gives it back, also when it says nothing of that', async () => {
      const { open, opened } = gate()
      const inner = new MemoryStore()
      const seen = { claimed: 0, released: 0 }
      const claim: IdempotencyStore['claim'] = async (claim) => {
        await opened
        seen.claimed += 1
        return inner.claim(claim)
      }
      const release: IdempotencyStore['release'] = (claim) => {
        seen.released += 1
        return seen.released === 1 ? silence() : inner.release(claim)
      }
      const run = counting()
      const it = aShop(run, { store: broken({ claim, release }), patienceMs: 100, onStoreError: () => undefined })
      expect((await click(it)).status).toBe(503)
      open()
      await until(() => seen.claimed === 1 && inner.size.keys === 0)
      expect((await click(it)).body).toEqual({ made: 1 })
      expect(run).toHaveBeenCalledTimes(1)
    })

    it('of an answer it is to keep is asked again', async () => {
      const inner = new MemoryStore()
      let asked = 0
      const complete: IdempotencyStore['complete'] = (claim, outcome) => {
        asked += 1
        return asked < 3 ? silence() : inner.complete(claim, outcome)
      }
      const onStoreError = jest.fn()
      const it = aShop(counting(), { store: broken({ claim: (claim) => inner.claim(claim), complete }), patienceMs: 100, onStoreError })
      expect([(await click(it)).body, (await click(it)).body]).toEqual([{ made: 1 }, { made: 1 }])
      await it.guard.settled()
      expect(inner.size).toMatchObject({ keys: 1, entries: 1 })
      expect(onStoreError.mock.calls).toEqual([
        ['complete', silent],
        ['complete', silent],
      ])
    })
  })

  it('full of requests at work takes no further key, and takes it once there is room', async () => {
    const { open, opened } = gate()
    const run = jest.fn<RequestHandler>(async (_req, res) => {
      await opened
      res.json({})
    })
    const it = aShop(run, { store: new MemoryStore({ maxEntries: 1 }) })
    const first = sent(click(it))
    await until(() => run.mock.calls.length === 1)
    const second = await click(it, { key: OTHER_KEY })
    expect([second.status, second.body.code]).toEqual([503, 'OVERLOADED'])
    open()
    await first
    expect((await click(it, { key: OTHER_KEY })).status).toBe(200)
    expect(run).toHaveBeenCalledTimes(2)
  })

  it('gives a key back of which nobody knows whether it was claimed, since no handler was entered', async () => {
    const inner = new MemoryStore()
    let fails = true
    const store = broken({
      claim: (claim) => {
        const found = inner.claim(claim)
        return fails ? down() : found
      },
      release: (claim) => (fails ? down() : inner.release(claim)),
    })
    const run = jest.fn<RequestHandler>((_req, res) => void res.json({ fine: true }))
    const it = aShop(run, { store, onStoreError: () => undefined, waitMs: 0 })
    expect((await click(it)).status).toBe(503)
    fails = false
    await until(() => inner.size.keys === 0)
    expect((await click(it)).body).toEqual({ fine: true })
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('that cannot keep an answer is asked again, and duplicates get it from this process meanwhile', async () => {
    const inner = new MemoryStore()
    let refusals = 2
    const complete = jest.fn<IdempotencyStore['complete']>(async (claim, outcome) => {
      refusals -= 1
      if (refusals >= 0) throw new Error('down')
      return inner.complete(claim, outcome)
    })
    const run = jest.fn<RequestHandler>((_req, res) => void res.json({ fine: true }))
    const it = aShop(run, { store: broken({ claim: (claim) => inner.claim(claim), complete }), onStoreError: () => undefined })
    await click(it)
    expect((await click(it)).body).toEqual({ fine: true })
    await it.guard.settled()
    expect(complete).toHaveBeenCalledTimes(3)
    expect(inner.size).toMatchObject({ keys: 1, entries: 1 })
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('whose owner died is unknown, not begun again', async () => {
    let now = 0
    const store = new MemoryStore({ now: () => now })
    const run = counting()
    const it = aShop(run, { store, waitMs: 0, fingerprint: () => 'same' })
    const other = jest.fn<RequestHandler>()
    const dead = aShop(other, { store, fingerprint: () => 'same' })
    sent(click(dead).timeout(100)).catch(() => undefined)
    await until(() => other.mock.calls.length === 1)
    expect((await click(it)).body.code).toBe('IDEMPOTENCY_IN_PROGRESS')
    now += 16_000
    const answer = await click(it)
    expect([answer.status, answer.body.code, answer.body.retryable]).toEqual([409, 'OUTCOME_UNKNOWN', false])
    expect(run).not.toHaveBeenCalled()
  })

  it('whose record is damaged is unknown, not begun again', async () => {
    const run = counting()
    const it = aShop(run, { store: broken({ claim: async () => ({ kind: 'damaged' }) }) })
    const answer = await click(it)
    expect([answer.status, answer.body.code]).toEqual([409, 'OUTCOME_UNKNOWN'])
    expect(run).not.toHaveBeenCalled()
  })

  it('that answers after somebody else did gives the key back, and no handler runs', async () => {
    const { open, opened } = gate()
    const inner = new MemoryStore()
    const store = broken({ claim: (claim) => opened.then(() => inner.claim(claim)), release: (claim) => inner.release(claim) })
    const run = jest.fn<RequestHandler>((_req, res) => void res.json({ fine: true }))
    let limited = 0
    const limit: RequestHandler = (_req, res, next) => {
      limited += 1
      if (limited === 1) setImmediate(() => res.status(503).end('too slow'))
      next()
    }
    const it = aShop(run, { store, before: [json(), limit] })
    expect((await click(it)).text).toBe('too slow')
    open()
    await it.guard.settled()
    await until(() => inner.size.keys === 0)
    expect(run).not.toHaveBeenCalled()
    expect((await click(it)).body).toEqual({ fine: true })
  })

  it('is told whose claim it is with every verb', async () => {
    const claims: unknown[] = []
    const store = broken({
      claim: (claim) => {
        claims.push(claim)
        return { kind: 'new' }
      },
    })
    const it = aShop(counting(), { store, windowMs: 5_000, leaseMs: 2_000, scope: () => ['org-1', 7] })
    await click(it)
    expect(claims[0]).toMatchObject({
      ...aClaim({ leaseMs: 2_000, windowMs: 5_000 }),
      id: `5:org-11:7${KEY}`,
      owner: expect.any(String),
      fingerprint: expect.stringMatching(/^v1:/),
    })
  })
})
