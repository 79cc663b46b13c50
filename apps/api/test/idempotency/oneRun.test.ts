import { request as httpRequest } from 'node:http'
import { PassThrough } from 'node:stream'
import { describe, expect, it, jest } from '@jest/globals'
import { type ErrorRequestHandler, json, type RequestHandler } from 'express'
import { type IdempotencyStore, idempotency, MemoryStore } from '../../src/engine/idempotency/index.js'
import { aClaim } from '../support/idempotencyStoreContract.js'
import { until } from '../support/until.js'
import { aShop, click, EXPRESSES, gate, KEY, listening, OTHER_KEY, type Shop, type ShopOptions, sent } from './shop.js'

const counting = () => jest.fn<RequestHandler>((_req, res) => void res.status(201).json({ made: 1 }))

describe.each(EXPRESSES)('one key in %s', (_name, express) => {
  const shop = (handler: RequestHandler, options: ShopOptions = {}) => aShop(handler, { express, ...options })

  /** Sends the same click twice and says what came of it. */
  async function twice(handler: RequestHandler, options: ShopOptions = {}) {
    const run = jest.fn(handler)
    const it = shop(run, options)
    const first = await click(it)
    const second = await click(it)
    return { runs: run.mock.calls.length, first, second }
  }

  it.each([200, 201, 202, 204, 207, 301, 302, 303, 400, 401, 403, 404, 408, 409, 410, 413, 422, 429, 500, 502, 503, 599])(
    'gets an answer of %d again, and its handler runs once',
    async (status) => {
      const { runs, first, second } = await twice((_req, res) => void res.status(status).set('location', '/there').send('{"said":1}'))
      expect(runs).toBe(1)
      expect([first.status, second.status]).toEqual([status, status])
      expect([second.text, second.headers.location]).toEqual([first.text, '/there'])
      expect([first.headers['idempotent-replayed'], second.headers['idempotent-replayed']]).toEqual([undefined, 'true'])
    },
  )

  it('gets a redirect again, where it led', async () => {
    const { runs, second } = await twice((_req, res) => void res.redirect(303, '/orders/7'))
    expect([runs, second.status, second.headers.location]).toEqual([1, 303, '/orders/7'])
  })

  it('runs once for a handler that throws, and the error’s answer is its answer', async () => {
    const run = jest.fn(() => {
      throw Object.assign(new Error('the carrier is away'), { status: 503 })
    })
    const it = shop(run)
    it.app.use(((error, _req, res, _next) => void res.status(error.status).json({ error: error.message })) satisfies ErrorRequestHandler)
    const [first, second] = [await click(it), await click(it)]
    expect([first.status, second.status, second.text]).toEqual([503, 503, first.text])
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('runs once for a handler that passes on, and the app’s 404 is its answer', async () => {
    const run = jest.fn<RequestHandler>((_req, _res, next) => next())
    const it = shop(run)
    expect([(await click(it)).status, (await click(it)).status]).toEqual([404, 404])
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('is another one for another person, and a mistake with another body, address, query or method', async () => {
    const run = jest.fn<RequestHandler>((req, res) => void res.json({ user: req.get('user') }))
    const it = shop(run)
    it.app.post('/else', express.json(), it.guard, run)
    await click(it, { body: { status: 'won' } })
    expect((await click(it, { body: { status: 'won' }, user: 'eve' })).body).toEqual({ user: 'eve' })
    const others = [
      await click(it, { body: { status: 'lost' } }),
      await click(it, { body: {} }),
      await click(it, { body: { status: 'won' } }).query({ again: 1 }),
      await fetchAt(it, '/else', 'POST'),
      await fetchAt(it, '/do', 'PUT'),
    ]
    expect(others.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422])
    expect(others[0]?.body).toMatchObject({ success: false, code: 'IDEMPOTENCY_KEY_REUSED', retryable: false })
    expect(run).toHaveBeenCalledTimes(2)
  })

  async function fetchAt({ app }: Shop, path: string, method: string) {
    const server = await listening(app)
    try {
      const headers = { 'idempotency-key': KEY, 'content-type': 'application/json', user: 'ana' }
      return await fetch(`http://127.0.0.1:${server.port}${path}`, { method, headers, body: '{"status":"won"}' })
    } finally {
      server.close()
    }
  }

  it('with another body is refused also while the first is at work', async () => {
    const { open, opened } = gate()
    const started = gate()
    const run = jest.fn<RequestHandler>(async (_req, res) => {
      started.open()
      await opened
      res.json({ fine: true })
    })
    const it = shop(run)
    const first = sent(click(it, { body: { status: 'won' } }))
    await started.opened
    expect((await click(it, { body: { status: 'lost' } })).status).toBe(422)
    open()
    expect((await first).status).toBe(200)
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('waits for the first one, and nine duplicates get its bytes', async () => {
    const { open, opened } = gate()
    const started = gate()
    const run = jest.fn<RequestHandler>(async (_req, res) => {
      started.open()
      await opened
      res.status(202).json({ at: 'once' })
    })
    const it = shop(run)
    const first = sent(click(it))
    await started.opened
    const others = Array.from({ length: 9 }, () => sent(click(it)))
    open()
    const answers = [await first, ...(await Promise.all(others))]
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['202 {"at":"once"}']))
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('is refused with 409 when the first one takes longer than it may wait', async () => {
    const { open, opened } = gate()
    const started = gate()
    const run = jest.fn<RequestHandler>(async (_req, res) => {
      started.open()
      await opened
      res.json({})
    })
    const it = shop(run, { waitMs: 20 })
    const first = sent(click(it))
    await started.opened
    const second = await click(it)
    expect(second.status).toBe(409)
    expect(second.body).toMatchObject({ code: 'IDEMPOTENCY_IN_PROGRESS', retryable: true, retryAfterMs: 1_000 })
    expect(second.headers['retry-after']).toBe('1')
    open()
    await first
    expect((await click(it)).status).toBe(200)
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('is watched also when the handler gives res.locals away', async () => {
    const { runs, second } = await twice((_req, res) => {
      res.locals = { fresh: true }
      res.json({ fine: true })
    })
    expect([runs, second.status, second.text]).toEqual([1, 200, '{"fine":true}'])
  })

  it('runs once behind two instances of one store, of two stores, and behind one instance twice', async () => {
    const one = new MemoryStore()
    const two = new MemoryStore()
    const scope = () => 'ana'
    const shared = idempotency({ store: one, scope })
    const pairs = [
      [idempotency({ store: one, scope }), idempotency({ store: one, scope })],
      [idempotency({ store: one, scope }), idempotency({ store: two, scope })],
      [idempotency({ store: one, scope: () => 'x' }), idempotency({ store: one, scope: () => 'y' })],
      [shared, shared],
    ]
    for (const [index, [outer, inner]] of pairs.entries()) {
      const run = jest.fn<RequestHandler>((_req, res) => void res.status(201).json({ index }))
      const app = express()
      if (outer === undefined || inner === undefined) throw new Error('a pair has two')
      app.use(express.json(), outer)
      app.post('/do', inner, run)
      const key = `${KEY}-${index}`
      const answers = [await click({ app, guard: inner }, { key }), await click({ app, guard: inner }, { key })]
      expect(answers.map(({ status, text }) => `${status} ${text}`)).toEqual(Array(2).fill(`201 {"index":${index}}`))
      expect(run).toHaveBeenCalledTimes(1)
    }
  })

  it('keeps what was given when the handler then throws and an error handler asks whether it was', async () => {
    const it = shop((_req, res) => {
      res.status(201).json({ made: 1 })
      throw new Error('too late')
    })
    const asked: boolean[] = []
    it.app.use(((_error, _req, res, _next) => {
      asked.push(res.headersSent)
      if (!res.headersSent) res.status(500).json({ error: 'internal' })
    }) satisfies ErrorRequestHandler)
    const [first, second] = [await click(it), await click(it)]
    expect(asked).toEqual([true])
    expect([first.status, first.text, second.status, second.text]).toEqual([201, '{"made":1}', 201, '{"made":1}'])
  })

  it('keeps the first of two answers, and what is written behind the end is nobody’s', async () => {
    const { first, second } = await twice((_req, res) => {
      res.on('error', () => undefined)
      res.status(200).end('first')
      res.write('third')
      res.end('second')
    })
    expect([first.text, second.text]).toEqual(['first', 'first'])
  })

  it('is refused after an answer above the cap, of which it is said that it was given', async () => {
    const { runs, first, second } = await twice((_req, res) => void res.status(201).send('x'.repeat(2_000)), { maxAnswerBytes: 1_999 })
    expect([runs, first.text.length]).toEqual([1, 2_000])
    expect([second.status, second.body.code, second.body.retryable]).toEqual([409, 'OUTCOME_UNKNOWN', false])
    expect(second.body.error).toContain('answered with status 201')
  })

  it('gets an answer that fills the cap to the byte', async () => {
    const { second } = await twice((_req, res) => void res.send('ü'.repeat(1_000)), { maxAnswerBytes: 2_000 })
    expect(second.text).toBe('ü'.repeat(1_000))
  })

  describe('whose answer never ended', () => {
    const quick = { waitMs: 20, leaseMs: 300, graceMs: 50 }

    it.each<[string, RequestHandler]>([
      ['because the handler destroyed it', (_req, res) => void res.destroy()],
      [
        'because it was cut half way',
        (_req, res) => {
          res.write('half')
          setImmediate(() => res.destroy(new Error('lost')))
        },
      ],
      ['because its source broke', (_req, res) => void new PassThrough().pipe(res).destroy()],
    ])('%s is in progress for a while, and then unknown', async (_what, handler) => {
      const run = jest.fn(handler)
      const store = new MemoryStore()
      const it = shop(run, { ...quick, store })
      await sent(click(it).timeout(200)).catch(() => undefined)
      const second = await click(it)
      expect([second.status, second.body.code]).toEqual([409, 'IDEMPOTENCY_IN_PROGRESS'])
      await until(async () => (await click(it)).body.code === 'OUTCOME_UNKNOWN', 5_000)
      expect((await click(it)).body.retryable).toBe(false)
      expect(run).toHaveBeenCalledTimes(1)
    })

    it('because its client left is replayed once the handler finished all the same', async () => {
      const { open, opened } = gate()
      const started = gate()
      const run = jest.fn<RequestHandler>(async (_req, res) => {
        started.open()
        await opened
        res.status(201).json({ made: 1 })
      })
      const it = shop(run)
      const server = await listening(it.app)
      const leaving = httpRequest({ port: server.port, path: '/do', method: 'POST', headers: { 'idempotency-key': KEY, user: 'ana' } })
      leaving.on('error', () => undefined).end()
      await started.opened
      leaving.destroy()
      const second = fetch(`http://127.0.0.1:${server.port}/do`, { method: 'POST', headers: { 'idempotency-key': KEY, user: 'ana' } })
      await until(() => run.mock.calls[0]?.[1].closed === true)
      open()
      expect([(await second).status, await (await second).json()]).toEqual([201, { made: 1 }])
      expect(run).toHaveBeenCalledTimes(1)
      server.close()
    })

    it('because its client left a long download is never sent again', async () => {
      const run = jest.fn<RequestHandler>((_req, res) => {
        const source = new PassThrough()
        source.write(Buffer.alloc(1_000_000))
        source.pipe(res)
      })
      const it = shop(run, quick)
      const server = await listening(it.app)
      await new Promise<void>((resolve) => {
        const leaving = httpRequest({ port: server.port, path: '/do', method: 'POST', headers: { 'idempotency-key': KEY, user: 'ana' } })
        leaving.on('response', (answer) => answer.once('data', () => leaving.destroy()))
        leaving.on('error', () => undefined).on('close', resolve)
        leaving.end()
      })
      const again = () => fetch(`http://127.0.0.1:${server.port}/do`, { method: 'POST', headers: { 'idempotency-key': KEY, user: 'ana' } })
      expect((await again()).status).toBe(409)
      await until(async () => ((await (await again()).json()) as { code: string }).code === 'OUTCOME_UNKNOWN', 5_000)
      expect(run).toHaveBeenCalledTimes(1)
      server.close()
    })
  })

  it('whose handler takes longer than its lease is still in progress', async () => {
    const { open, opened } = gate()
    const run = jest.fn<RequestHandler>(async (_req, res) => {
      await opened
      res.json({ fine: true })
    })
    const store = new MemoryStore()
    const it = shop(run, { store, leaseMs: 300, waitMs: 20 })
    const first = sent(click(it))
    await until(() => run.mock.calls.length === 1)
    const elsewhere = shop(run, { store, leaseMs: 300, waitMs: 20 })
    const since = performance.now()
    await until(() => performance.now() - since > 500)
    expect((await click(elsewhere)).body.code).toBe('IDEMPOTENCY_IN_PROGRESS')
    open()
    await first
    expect((await click(elsewhere)).body).toEqual({ fine: true })
    expect(run).toHaveBeenCalledTimes(1)
  })
})

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
