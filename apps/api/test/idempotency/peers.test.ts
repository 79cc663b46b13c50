import { request as httpRequest } from 'node:http'
import { describe, expect, it } from '@jest/globals'
import type { RequestHandler } from 'express'
import request from 'supertest'
import { MemoryStore } from '../../src/engine/idempotency/index.js'
import { until } from '../support/until.js'
import { aShop, click, EXPRESSES, gate, KEY, listening, OTHER_KEY, type Shop, type ShopOptions, sent } from './shop.js'

// What the public suites of other middlewares check, and the IETF draft (draft-ietf-httpapi-idempotency-key-header) asks for,
// tried on ours: `hono` is hono-idempotency, `node` node-idempotency, `elixir` idempotency_plug. Where they disagree with each
// other or with us the case says what ours does, and why.

interface Tried {
  /** How often the handler ran. */
  runs: () => number
  shop: Shop
}

function tried(handler: RequestHandler, options: ShopOptions): Tried {
  let runs = 0
  const counted: RequestHandler = (req, res, next) => {
    runs += 1
    return handler(req, res, next)
  }
  return { runs: () => runs, shop: aShop(counted, options) }
}

const REPLAYED = 'idempotent-replayed'

const ANSWERS: [string, string, RequestHandler][] = [
  ['a text', 'hono node elixir', (_req, res) => void res.type('text').send('hello')],
  ['JSON', 'hono node', (_req, res) => void res.json({ message: 'ok' })],
  ['a body with the status 201', 'hono node elixir', (req, res) => void res.status(201).json(req.body)],
  ['a header of its own', 'elixir', (_req, res) => void res.set('X-Header-Key', 'header-value').status(201).send('OTHER')],
  // hono runs the handler again, as the answer says nothing of what was done; node repeats it, and so do we.
  ['an error, which does not say that nothing was done', 'node', (_req, res) => void res.status(500).json({ message: 'unknown' })],
  ['a 503, after which hono runs again', 'node', (_req, res) => void res.status(503).json({ error: 'temporary failure' })],
]

const KEYS: [string, string, string | string[] | undefined, string][] = [
  ['that is missing', 'hono node elixir draft', undefined, 'IDEMPOTENCY_KEY_REQUIRED'],
  ['that is too long', 'hono node', 'a'.repeat(129), 'IDEMPOTENCY_KEY_INVALID'],
  ['that came twice', 'elixir', [KEY, OTHER_KEY], 'IDEMPOTENCY_KEY_INVALID'],
]

/** As a client that may say a header twice. */
async function withKey({ app }: Shop, key: string | string[] | undefined): Promise<{ status: number | undefined; code: unknown }> {
  const { port, close } = await listening(app)
  const headers = { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) }
  try {
    return await new Promise((resolve, reject) => {
      const asked = httpRequest({ port, host: '127.0.0.1', path: '/do', method: 'POST', headers }, (res) => {
        let text = ''
        res.on('data', (chunk) => (text += chunk))
        res.on('end', () => resolve({ status: res.statusCode, code: JSON.parse(text).code }))
      })
      asked.on('error', reject).end('{}')
    })
  } finally {
    close()
  }
}

describe.each(EXPRESSES)('what others check, in %s:', (_name, express) => {
  it.each(ANSWERS)('%s comes again, and only then says so (%s)', async (_what, _who, handler) => {
    const { shop, runs } = tried(handler, { express })
    const [first, second] = [await click(shop, { body: { item: 'A' } }), await click(shop, { body: { item: 'A' } })]
    const seen = ({ status, text, headers }: request.Response) => [status, text, headers['content-type'], headers['x-header-key']]
    expect(seen(second)).toEqual(seen(first))
    expect([first.headers[REPLAYED], second.headers[REPLAYED], runs()]).toEqual([undefined, 'true', 1])
  })

  it.each(KEYS)('a key %s is a 400 (%s)', async (_what, _who, key, code) => {
    const { shop, runs } = tried((_req, res) => void res.json({}), { express })
    expect([await withKey(shop, key), runs()]).toEqual([{ status: 400, code }, 0])
  })

  it('a key at work is a 409 with Retry-After, for who may not wait (hono node elixir draft)', async () => {
    const { open, opened } = gate()
    const { shop, runs } = tried((_req, res) => void opened.then(() => res.json({ done: true })), { express, waitMs: 0 })
    const first = sent(click(shop))
    await until(() => runs() === 1)
    const answer = await click(shop, { headers: { accept: 'application/problem+json' } })
    expect([answer.status, answer.headers['retry-after'], answer.headers['content-type']]).toEqual([409, '1', 'application/problem+json'])
    open()
    expect([(await first).status, runs()]).toEqual([200, 1])
  })

  it('another body is a 422 (hono node elixir draft)', async () => {
    const { shop, runs } = tried((_req, res) => void res.json({}), { express })
    await click(shop, { body: { item: 'A' } })
    const answer = await click(shop, { body: { item: 'B' } })
    expect([answer.status, answer.body.code, answer.headers[REPLAYED], runs()]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED', undefined, 1])
  })

  // hono and elixir take it for another key; the draft says that a key is one request's alone.
  it('another address is a 422 as well (draft)', async () => {
    const { shop, runs } = tried((_req, res) => void res.json({}), { express })
    shop.app.post('/else', shop.guard, (_req, res) => void res.json({}))
    await click(shop)
    expect([(await request(shop.app).post('/else').set('idempotency-key', KEY)).status, runs()]).toEqual([422, 1])
  })

  // elixir says that nobody knows what became of it, hono runs it again; ours is the answer that the app's error handler gave.
  it('a handler that throws is not run again (elixir)', async () => {
    const { shop, runs } = tried(
      () => {
        throw new Error('boom')
      },
      { express },
    )
    shop.app.use((_error: unknown, _req: unknown, res: { status(code: number): { end(): void } }, _next: unknown) => res.status(500).end())
    expect([(await click(shop)).status, (await click(shop)).status, runs()]).toEqual([500, 500, 1])
  })

  it('GET passes, PATCH does not (hono elixir)', async () => {
    const { shop, runs } = tried((_req, res) => void res.json({}), { express })
    for (const method of ['get', 'get', 'patch', 'patch'] as const) await request(shop.app)[method]('/do').set('idempotency-key', KEY)
    expect(runs()).toBe(3)
  })

  it('a fingerprint of one’s own decides what counts (hono elixir)', async () => {
    const { shop, runs } = tried((_req, res) => void res.json({}), { express, fingerprint: (req) => req.body.a })
    const answers = [{ a: 1, b: 2 }, { a: 1, b: 1 }, { a: 2 }].map((body) => () => click(shop, { body }))
    const statuses: number[] = []
    for (const ask of answers) statuses.push((await ask()).status)
    expect([statuses, runs()]).toEqual([[200, 200, 422], 1])
  })

  it('two tenants have keys of their own, and names that run into each other stay apart (hono elixir)', async () => {
    const { shop, runs } = tried((_req, res) => void res.json({}), { express })
    for (const user of ['tenant-a', 'tenant-b', `tenant-a:POST:/do:${KEY}`, 'org:acme/team:1']) {
      expect((await click(shop, { user })).headers[REPLAYED]).toBeUndefined()
    }
    expect(runs()).toBe(4)
  })

  it('a cookie of the first answer is not handed out again (hono)', async () => {
    const { shop } = tried((_req, res) => void res.cookie('session', 'abc123').send('ok'), { express })
    expect([(await click(shop)).headers['set-cookie'], (await click(shop)).headers['set-cookie']]).toEqual([
      [expect.stringContaining('abc123')],
      undefined,
    ])
  })

  it('a store that takes no key lets no handler run (elixir)', async () => {
    const store = new MemoryStore()
    store.claim = () => {
      throw new Error('boom')
    }
    const { shop, runs } = tried((_req, res) => void res.json({}), { express, store, onStoreError: () => undefined })
    expect([(await click(shop)).status, runs()]).toEqual([503, 0])
  })
})
