import { describe, expect, it, jest } from '@jest/globals'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import { idempotency, MemoryStore } from '../../src/engine/idempotency/index.js'
import { until } from '../support/until.js'
import { aShop, click, EXPRESSES, gate, KEY, listening, type Shop, type ShopOptions, sent } from './shop.js'

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
