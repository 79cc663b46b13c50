import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import express, { type RequestHandler } from 'express'
import request from 'supertest'
import { until } from '../../../test/support/until.js'
import { fingerprintOf } from './fingerprint.js'
import type { IdempotencyStore } from './IdempotencyStore.js'
import { createIdempotency, type Idempotency, type IdempotencyOptions } from './idempotency.js'
import { markRecorded } from './idempotencyContext.js'
import { MemoryStore } from './memoryStore.js'

let running: Idempotency | undefined
let arrived = 0

beforeEach(() => {
  arrived = 0
})

afterEach(() => running?.stop())

/** An app with one POST route; the key's scope is the header `user`, as it would be the token's actor. */
function anApp(handler: RequestHandler, options: Partial<IdempotencyOptions> = {}) {
  running = createIdempotency({
    store: new MemoryStore(),
    windowMs: 60_000,
    identify: (req) => {
      arrived += 1
      const key = req.get('idempotency-key')
      if (key === undefined) return null
      const fingerprint = fingerprintOf({ actionName: req.path, params: {}, body: req.body })
      return { id: `${req.get('user') ?? 'ana'}/${key}`, fingerprint, maxBytes: 1_000 }
    },
    ...options,
  })
  const app = express()
  app.post('/do', express.json(), running.middleware, handler)
  return app
}

const post = (app: express.Express, { key = 'one', body = {}, user = 'ana' }: { key?: string; body?: object; user?: string } = {}) =>
  request(app).post('/do').set('idempotency-key', key).set('user', user).send(body)

/** A promise that a test resolves when it wants the handler to go on. */
function gate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open, opened }
}

describe('a repeated key', () => {
  const handlers: [string, RequestHandler, string][] = [
    ['res.json', (_req, res) => void res.status(201).json({ made: 1 }), '{"made":1}'],
    [
      'res.end with bytes',
      (_req, res) => void res.setHeader('content-type', 'application/json').end(Buffer.from('{"made":1}')),
      '{"made":1}',
    ],
    [
      'several writes',
      (_req, res) => {
        res.write('{"made"')
        res.write(Buffer.from(':1'))
        res.end('}')
      },
      '{"made":1}',
    ],
    ['an empty 200', (_req, res) => void res.end(), ''],
    ['a 204', (_req, res) => void res.status(204).end(), ''],
  ]

  it.each(handlers)('gets the same bytes of %s again, and the handler runs once', async (_name, handler, text) => {
    const spy = jest.fn(handler)
    const app = anApp(spy)
    const first = await post(app)
    const second = await post(app)
    expect(spy).toHaveBeenCalledTimes(1)
    expect([second.status, second.text ?? '']).toEqual([first.status, first.text ?? ''])
    expect(second.text ?? '').toBe(text)
    expect(second.headers['content-type']).toBe(first.headers['content-type'])
    expect(first.headers['idempotent-replayed']).toBeUndefined()
    expect(second.headers).toMatchObject({ 'idempotent-replayed': 'true', 'idempotency-outcome': 'recorded' })
  })

  it('gets the replayable headers, and never a cookie', async () => {
    const app = anApp((_req, res) => void res.set({ location: '/here', 'set-cookie': 'session=secret', 'x-own': 'no' }).json({}))
    await post(app)
    const second = await post(app)
    expect(second.headers.location).toBe('/here')
    expect(second.headers['set-cookie']).toBeUndefined()
    expect(second.headers['x-own']).toBeUndefined()
  })

  it('is nobody’s again once a handler that lost its client has been silent for too long', async () => {
    let runs = 0
    const app = anApp(
      (_req, res) => {
        if (++runs === 1) res.destroy()
        else res.json({ runs })
      },
      { heartbeatMs: 10, longestMs: 30, leaseMs: 100 },
    )
    await expect(post(app)).rejects.toThrow('socket hang up')
    await until(() => running?.inFlight() === 0)
    expect((await post(app)).body).toEqual({ runs: 2 })
  })

  it('of another user runs anew', async () => {
    let runs = 0
    const app = anApp((req, res) => void res.json({ run: ++runs, user: req.get('user') }))
    await post(app, { user: 'ana' })
    expect((await post(app, { user: 'eve' })).body).toEqual({ run: 2, user: 'eve' })
  })

  it('with another body goes to the handler, where the ledger decides', async () => {
    const onArrival = jest.fn()
    const app = anApp((req, res) => void res.json(req.body), { onArrival })
    await post(app, { body: { status: 'won' } })
    expect((await post(app, { body: { status: 'lost' } })).body).toEqual({ status: 'lost' })
    expect(onArrival.mock.calls.flat()).toEqual(['new', 'left-to-ledger'])
    expect((await post(app, { body: { status: 'won' } })).body).toEqual({ status: 'won' })
  })

  it.each([[202], [400], [404], [429], [500], [503]])('after a %d runs again', async (status) => {
    const handler = jest.fn<RequestHandler>((_req, res) => void res.status(status).json({}))
    const app = anApp(handler)
    await post(app)
    await post(app)
    expect(handler).toHaveBeenCalledTimes(2)
  })

  it('replays a rejection that the ledger holds, and not a success that it does not hold', async () => {
    let recorded = true
    const handler = jest.fn<RequestHandler>((_req, res) => {
      markRecorded(res, recorded)
      res.status(recorded ? 409 : 200).json({ recorded })
    })
    const app = anApp(handler)
    await post(app, { key: 'held' })
    expect((await post(app, { key: 'held' })).status).toBe(409)
    expect(handler).toHaveBeenCalledTimes(1)
    recorded = false
    await post(app, { key: 'not held' })
    await post(app, { key: 'not held' })
    expect(handler).toHaveBeenCalledTimes(3)
  })

  it('after a handler threw runs again', async () => {
    let runs = 0
    const app = anApp(() => {
      runs += 1
      throw Object.assign(new Error('lost'), { status: 503, expose: false })
    })
    app.use(((_error, _req, res, _next) => void res.status(503).end()) satisfies express.ErrorRequestHandler)
    await post(app)
    await post(app)
    expect(runs).toBe(2)
  })

  it('with an answer above the cap is left to the ledger', async () => {
    const handler = jest.fn<RequestHandler>((_req, res) => void res.json('x'.repeat(2_000)))
    const app = anApp(handler)
    const first = await post(app)
    expect((await post(app)).text).toBe(first.text)
    expect(handler).toHaveBeenCalledTimes(2)
  })

  it('is not looked at without a key', async () => {
    const handler = jest.fn<RequestHandler>((_req, res) => void res.json({}))
    const app = anApp(handler)
    await request(app).post('/do').send({})
    await request(app).post('/do').send({})
    expect(handler).toHaveBeenCalledTimes(2)
  })
})

describe('duplicates in flight', () => {
  it('wait for the first and get its bytes, also when they are not kept', async () => {
    const { open, opened } = gate()
    const started = gate()
    const handler = jest.fn<RequestHandler>(async (_req, res) => {
      started.open()
      await opened
      res.status(202).json({ at: 'once' })
    })
    const app = anApp(handler)
    const first = post(app).then((answer) => answer)
    await started.opened
    const others = Array.from({ length: 9 }, () => post(app).then((answer) => answer))
    await until(() => arrived === 10)
    open()
    const answers = [await first, ...(await Promise.all(others))]
    expect(handler).toHaveBeenCalledTimes(1)
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['{"at":"once"}']))
    expect(answers[1]?.headers['idempotency-outcome']).toBeUndefined()
  })

  it('go to the ledger when the first takes too long', async () => {
    const { open, opened } = gate()
    const started = gate()
    let runs = 0
    const app = anApp(
      async (_req, res) => {
        runs += 1
        if (runs === 1) {
          started.open()
          await opened
        }
        res.json({ run: runs })
      },
      { flightWaitMs: 20 },
    )
    const first = post(app).then((answer) => answer)
    await started.opened
    expect((await post(app)).body).toEqual({ run: 2 })
    open()
    await first
  })

  it('on another replica wait for its answer', async () => {
    const store = new MemoryStore()
    const app = anApp((_req, res) => void res.json({ ran: 'here' }), { store })
    const fingerprint = fingerprintOf({ actionName: '/do', params: {}, body: {} })
    await store.begin('ana/one', { fingerprint, owner: 'other replica', leaseMs: 15_000 })
    const answer = post(app).then((done) => done)
    await until(() => arrived === 1)
    const stored = { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"ran":"there"}') }
    await store.complete('ana/one', { owner: 'other replica', answer: stored, windowMs: 60_000 })
    expect((await answer).body).toEqual({ ran: 'there' })
  })

  it('on another replica that never answers go to the ledger', async () => {
    const store = new MemoryStore()
    const app = anApp((_req, res) => void res.json({ ran: 'here' }), { store, replicaWaitMs: 60 })
    const fingerprint = fingerprintOf({ actionName: '/do', params: {}, body: {} })
    await store.begin('ana/one', { fingerprint, owner: 'dead replica', leaseMs: 15_000 })
    expect((await post(app)).body).toEqual({ ran: 'here' })
  })
})

describe('a store in trouble', () => {
  const failing: IdempotencyStore = {
    begin: () => Promise.reject(new Error('down')),
    complete: () => Promise.reject(new Error('down')),
    renew: () => Promise.reject(new Error('down')),
    release: () => Promise.reject(new Error('down')),
  }

  it('that is down changes no answer, and is counted', async () => {
    const onStoreError = jest.fn()
    const app = anApp((_req, res) => void res.json({ fine: true }), { store: failing, onStoreError })
    expect((await post(app)).body).toEqual({ fine: true })
    expect(onStoreError.mock.calls.map(([verb]) => verb)).toContain('begin')
  })

  it('that is down still lets duplicates in flight share one execution', async () => {
    const { open, opened } = gate()
    const handler = jest.fn<RequestHandler>(async (_req, res) => {
      await opened
      res.json({})
    })
    const app = anApp(handler, { store: failing })
    const answers = Array.from({ length: 5 }, () => post(app).then(({ status }) => status))
    await until(() => arrived === 5)
    open()
    expect(await Promise.all(answers)).toEqual([200, 200, 200, 200, 200])
    expect(handler).toHaveBeenCalledTimes(1)
  })

  it('that lost the claim’s answer but took the claim gets it completed all the same', async () => {
    const store = new MemoryStore()
    const begin = store.begin.bind(store)
    jest.spyOn(store, 'begin').mockImplementationOnce(async (...args) => {
      await begin(...args)
      throw new Error('answer lost')
    })
    const handler = jest.fn<RequestHandler>((_req, res) => void res.json({}))
    const app = anApp(handler, { store })
    await post(app)
    expect((await post(app)).headers['idempotent-replayed']).toBe('true')
    expect(handler).toHaveBeenCalledTimes(1)
  })
})

describe('a lease', () => {
  it('is renewed while the handler works and let go of with its answer', async () => {
    const store = new MemoryStore()
    const renew = jest.spyOn(store, 'renew')
    const { open, opened } = gate()
    const app = anApp(
      async (_req, res) => {
        await opened
        res.status(500).end()
      },
      { store, heartbeatMs: 10 },
    )
    const answer = post(app).then((done) => done)
    await until(() => renew.mock.calls.length >= 2)
    open()
    await answer
    expect(store.size.entries).toBe(0)
  })
})

describe('an answer that is given', () => {
  it('cannot be replaced by a handler that goes on', async () => {
    const app = anApp((_req, res) => {
      res.status(503).end('first')
      res.end('second')
      res.write('third')
    })
    expect((await post(app)).text).toBe('first')
  })
})
