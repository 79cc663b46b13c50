import { describe, expect, it, jest } from '@jest/globals'
import express5, { type ErrorRequestHandler, type RequestHandler } from 'express'
import request from 'supertest'
import { type IdempotencyOptions, idempotency, MemoryStore } from '../../src/engine/idempotency/index.js'
import { aShop, click, EXPRESSES, KEY, type ShopOptions } from './shop.js'

const fine = () => jest.fn<RequestHandler>((_req, res) => void res.json({ fine: true }))

describe.each(EXPRESSES)('a request to %s', (_name, express) => {
  it('without a key is refused with 400, unless it may come without one', async () => {
    const run = fine()
    const answer = await request(aShop(run, { express }).app).post('/do').send({})
    expect([answer.status, answer.body.code, answer.body.retryable]).toEqual([400, 'IDEMPOTENCY_KEY_REQUIRED', false])
    expect(run).not.toHaveBeenCalled()
    const free = aShop(run, { express, required: false })
    expect([(await request(free.app).post('/do').send({})).status, (await request(free.app).post('/do').send({})).status]).toEqual([
      200, 200,
    ])
    expect(run).toHaveBeenCalledTimes(2)
  })

  it.each([
    ['empty', ''],
    ['blank', '   '],
    ['short', 'abc'],
    ['long', 'x'.repeat(129)],
    ['two in one', `${KEY}, ${KEY}`],
    ['of other characters', `${KEY}/../x`],
    ['half quoted', `"${KEY}`],
  ])('with a key that is %s is refused with 400, also where none is required', async (_what, key) => {
    const run = fine()
    const answer = await click(aShop(run, { express, required: false }), { key })
    expect([answer.status, answer.body.code]).toEqual([400, 'IDEMPOTENCY_KEY_INVALID'])
    expect(run).not.toHaveBeenCalled()
  })

  it('counts a key in quotes, as the IETF draft writes it, and bare as one, and echoes it as it came', async () => {
    const run = fine()
    const shop = aShop(run, { express })
    const answers = [await click(shop, { key: `"${KEY}"` }), await click(shop)]
    expect(answers.map(({ headers }) => headers['idempotency-key'])).toEqual([`"${KEY}"`, KEY])
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('echoes its key on every answer, refusals included', async () => {
    const shop = aShop(fine(), { express })
    const answers = [await click(shop), await click(shop), await click(shop, { body: { other: 1 } }), await click(shop, { key: 'short' })]
    expect(answers.map(({ status, headers }) => [status, headers['idempotency-key']])).toEqual([
      [200, KEY],
      [200, KEY],
      [422, KEY],
      [400, 'short'],
    ])
  })

  it.each(['get', 'head', 'options'] as const)('by %s changes nothing, so its key is not looked at', async (method) => {
    const run = fine()
    const shop = aShop(run, { express })
    await request(shop.app)[method]('/do')
    await request(shop.app)[method]('/do').set('idempotency-key', KEY)
    await request(shop.app)[method]('/do').set('idempotency-key', KEY)
    expect(run).toHaveBeenCalledTimes(3)
  })

  it.each(['put', 'delete'] as const)('by %s may come without a key, and with one runs once', async (method) => {
    const run = fine()
    const shop = aShop(run, { express })
    await request(shop.app)[method]('/do')
    expect(run).toHaveBeenCalledTimes(1)
    await request(shop.app)[method]('/do').set('idempotency-key', KEY)
    await request(shop.app)[method]('/do').set('idempotency-key', KEY)
    expect(run).toHaveBeenCalledTimes(2)
  })

  it.each<[string, string]>([
    ['application/problem+json', 'application/problem+json'],
    ['application/problem+json, application/json;q=0.9', 'application/problem+json'],
    ['application/json, application/problem+json;q=0.5', 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['text/html', 'application/json; charset=utf-8'],
  ])('that accepts %s is refused as %s', async (accept, type) => {
    const shop = aShop(fine(), { express })
    await click(shop)
    const answer = await click(shop, { body: { other: 1 }, headers: { accept } })
    expect([answer.status, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([422, type, 'no-store'])
    const body = JSON.parse(answer.text || answer.body.toString()) as Record<string, unknown>
    expect(body).toMatchObject({ success: false, code: 'IDEMPOTENCY_KEY_REUSED', retryable: false, error: expect.any(String) })
    const problem = { type: 'about:blank', title: 'Unprocessable Entity', status: 422, detail: body.error }
    if (type.startsWith('application/problem')) expect(body).toMatchObject(problem)
    else expect(Object.keys(body)).not.toContain('title')
  })
})

describe('whose key it is', () => {
  const told: unknown[] = []
  const guarded = (scope: IdempotencyOptions['scope'], options: ShopOptions = {}) => {
    const run = fine()
    const shop = aShop(run, { scope, ...options })
    shop.app.use(((error, _req, res, _next) => {
      told.push(error)
      res.status(500).end()
    }) satisfies ErrorRequestHandler)
    return { run, shop }
  }

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['empty', ''],
    ['no number', Number.NaN],
    ['an object', {}],
    ['an empty list', []],
    ['a list with a hole', ['org-1', undefined]],
  ])('must be known: %s is nobody', async (_what, scope) => {
    for (const said of [() => scope, async () => scope]) {
      const { run, shop } = guarded(said as IdempotencyOptions['scope'])
      expect((await click(shop)).status).toBe(500)
      expect(run).not.toHaveBeenCalled()
      expect(String(told.pop())).toContain('nobody knows whose key this is')
    }
  })

  it('may fail later for a request that is refused before, which ends no process', async () => {
    const unheard = jest.fn()
    process.on('unhandledRejection', unheard)
    const { run, shop } = guarded(() => Promise.reject(new Error('nobody is signed in')))
    const deep: unknown = JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`)
    expect((await click(shop, { body: { deep } })).status).toBe(400)
    process.off('unhandledRejection', unheard)
    expect([unheard.mock.calls.length, run.mock.calls.length]).toEqual([0, 0])
  })

  it('is not waited for without end', async () => {
    const { run, shop } = guarded(() => new Promise(() => undefined), { patienceMs: 100 })
    expect((await click(shop)).status).toBe(500)
    expect(run).not.toHaveBeenCalled()
    expect(String(told.pop())).toContain('did not say within 100 ms whose key this is')
  })

  it('is asked once per request, may come later, and its failure is the app’s', async () => {
    const { run, shop } = guarded(async () => ['org-1', 7n])
    expect([(await click(shop)).status, (await click(shop)).status]).toEqual([200, 200])
    expect(run).toHaveBeenCalledTimes(1)
    for (const failing of [
      () => Promise.reject(new Error('away')),
      () => {
        throw new Error('away')
      },
    ]) {
      const broken = guarded(failing)
      expect((await click(broken.shop)).status).toBe(500)
      expect(broken.run).not.toHaveBeenCalled()
    }
  })

  it('never runs into another’s, whatever their names look like', async () => {
    const scopes = [['a', 'bc'], ['ab', 'c'], ['abc'], ['a', 'b', 'c'], ['1:a', 'bc'], ['a1:b', 'c']]
    const { run, shop } = guarded(() => scopes.shift() ?? ['none'])
    for (let index = 0; index < 6; index += 1) expect((await click(shop)).status).toBe(200)
    expect(run).toHaveBeenCalledTimes(6)
  })
})

describe('options', () => {
  const store = new MemoryStore()
  const scope = () => 'ana'
  const of = (fields: object) => () => idempotency({ store, scope, ...fields })

  it.each([[{ store: undefined }], [{ store: {} }], [{ scope: undefined }], [{ scope: 'ana' }]])(
    'without what is needed (%j) are refused',
    (fields) => {
      expect(of(fields)).toThrow(TypeError)
    },
  )

  it.each([
    [{ windowMs: 0 }, 'windowMs'],
    [{ windowMs: Number.POSITIVE_INFINITY }, 'windowMs'],
    [{ windowMs: '60000' }, 'windowMs'],
    [{ waitMs: -1 }, 'waitMs'],
    [{ leaseMs: Number.NaN }, 'leaseMs'],
    [{ graceMs: -5 }, 'graceMs'],
    [{ patienceMs: 0 }, 'patienceMs'],
    [{ maxAnswerBytes: -1 }, 'maxAnswerBytes'],
    [{ replayedHeaders: ['Set-Cookie'] }, 'set-cookie'],
    [{ replayedHeaders: ['Content-Length'] }, 'content-length'],
  ])('out of their range (%j) are refused by name', (fields, name) => {
    expect(of(fields)).toThrow(RangeError)
    expect(of(fields)).toThrow(name)
  })

  it('are few where the defaults do', async () => {
    const run = fine()
    const app = express5()
    app.post('/do', express5.json(), idempotency({ store: new MemoryStore(), scope }), run)
    await request(app).post('/do').set('idempotency-key', KEY).send({})
    expect((await request(app).post('/do').set('idempotency-key', KEY).send({})).body).toEqual({ fine: true })
    expect(run).toHaveBeenCalledTimes(1)
  })
})
