import { tmpdir } from 'node:os'
import { describe, expect, it, jest } from '@jest/globals'
import express5, { json, type RequestHandler, raw, text, urlencoded } from 'express'
import multer from 'multer'
import request from 'supertest'
import { aShop, click, EXPRESSES, KEY, type ShopOptions } from './shop.js'

/** Whether a second click is taken for the first one, when each finds a body of its own. */
async function judge(first: unknown, second: unknown, options: ShopOptions = {}): Promise<'same' | 'other' | `refused ${number}`> {
  const bodies = [first, second]
  const put: RequestHandler = (req, _res, next) => {
    req.body = bodies.shift()
    next()
  }
  const run = jest.fn<RequestHandler>((_req, res) => void res.json({ fine: true }))
  const shop = aShop(run, { before: [json(), put], ...options })
  shop.app.use(((_error, _req, res, _next) => void res.status(500).end()) satisfies express5.ErrorRequestHandler)
  const answers = [await click(shop), await click(shop)]
  const [one, two] = answers.map(({ status }) => status)
  expect(run.mock.calls.length).toBeLessThanOrEqual(1)
  if (one !== 200 || two === undefined) return `refused ${one ?? 0}`
  return two === 200 ? 'same' : two === 422 ? 'other' : `refused ${two}`
}

class Money {
  readonly #cents: number
  constructor(cents: number) {
    this.#cents = cents
  }
  add(cents: number) {
    return new Money(this.#cents + cents)
  }
}

class Decimal {
  readonly #text: string
  constructor(text: string) {
    this.#text = text
  }
  toJSON() {
    return this.#text
  }
}

const bytes = (...values: number[]) => Uint8Array.from(values)
const form = (entries: [string, string | Blob][]) => {
  const data = new FormData()
  for (const [name, value] of entries) data.append(name, value)
  return data
}

describe('two bodies', () => {
  it.each<[string, unknown, unknown]>([
    ['dates', { at: new Date(1) }, { at: new Date(2) }],
    ['no date and a date', { at: new Date(Number.NaN) }, { at: new Date(0) }],
    ['a date and its text', { at: new Date(0) }, { at: new Date(0).toISOString() }],
    ['maps', { m: new Map([['a', 1]]) }, { m: new Map([['a', 2]]) }],
    ['maps by their keys', new Map([[1, 'a']]), new Map([['1', 'a']])],
    ['sets', { s: new Set([1]) }, { s: new Set([2]) }],
    ['a set and a list', { s: new Set([1]) }, { s: [1] }],
    ['a map and an object', { m: new Map([['a', 1]]) }, { m: { a: 1 } }],
    ['queries', { q: new URLSearchParams('a=1') }, { q: new URLSearchParams('a=2') }],
    ['addresses', new URL('https://a.test/'), new URL('https://b.test/')],
    ['forms', form([['a', '1']]), form([['a', '2']])],
    ['bytes', { b: bytes(1, 2) }, { b: bytes(1, 3) }],
    ['buffers', Buffer.from('a'), Buffer.from('b')],
    ['buffers of a pool', Buffer.from('aaaa').subarray(1, 2), Buffer.from('abbb').subarray(1, 2)],
    ['bytes of other kinds', { b: bytes(1, 0) }, { b: Uint16Array.from([1]) }],
    ['array buffers', bytes(1).buffer, bytes(2).buffer],
    ['data views', new DataView(bytes(1).buffer), new DataView(bytes(2).buffer)],
    ['files', { f: new File(['a'], 'a.txt') }, { f: new File(['b'], 'a.txt') }],
    ['files by their names', { f: new File(['a'], 'a.txt') }, { f: new File(['a'], 'b.txt') }],
    ['files by their types', new File(['a'], 'a', { type: 'text/css' }), new File(['a'], 'a', { type: 'text/html' })],
    [
      'two files in one form',
      form([
        ['f', new Blob(['a'])],
        ['g', new Blob(['b'])],
      ]),
      form([
        ['f', new Blob(['a'])],
        ['g', new Blob(['c'])],
      ]),
    ],
    ['bigints', { n: 1n }, { n: 2n }],
    ['a bigint and a number', { n: 1n }, { n: 1 }],
    ['what is not there and null', { n: undefined }, { n: null }],
    ['what is not there and nothing', [undefined], []],
    ['no numbers', { n: Number.NaN }, { n: null }],
    ['endless numbers', { n: Number.POSITIVE_INFINITY }, { n: Number.NEGATIVE_INFINITY }],
    ['zeros', { n: 0 }, { n: -0 }],
    ['a number and its text', { n: 1 }, { n: '1' }],
    ['lists in another order', [1, 2], [2, 1]],
    ['decimals', { d: new Decimal('1.0') }, { d: new Decimal('1.1') }],
    ['texts with half a character', { t: '\ud800' }, { t: '\ud801' }],
    ['a key called __proto__', JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":2}}')],
    ['keys that look like the end of another', { 'a":1,"b': 2 }, { a: 1, b: 2 }],
  ])('that differ in %s are two requests', async (_what, first, second) => {
    expect(await judge(first, second)).toBe('other')
    expect(await judge(second, first)).toBe('other')
  })

  it.each<[string, unknown, unknown]>([
    ['objects in another order', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
    ['dates', { at: new Date(1) }, { at: new Date(1) }],
    [
      'maps in another order',
      new Map<string, unknown>([
        ['a', 1],
        ['b', { x: 1, y: 2 }],
      ]),
      new Map<string, unknown>([
        ['b', { y: 2, x: 1 }],
        ['a', 1],
      ]),
    ],
    ['sets in another order', new Set([1, 2]), new Set([2, 1])],
    ['queries', new URLSearchParams('a=1&b=2'), new URLSearchParams('a=1&b=2')],
    ['bytes and a buffer', { b: bytes(97) }, { b: Buffer.from('a') }],
    ['files', { f: new File(['a'], 'a.txt') }, { f: new File(['a'], 'a.txt') }],
    [
      'forms with files',
      form([
        ['f', new Blob(['a'])],
        ['g', '1'],
      ]),
      form([
        ['f', new Blob(['a'])],
        ['g', '1'],
      ]),
    ],
    ['bigints', { n: 9007199254740993n }, { n: 9007199254740993n }],
    ['objects of no prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ['decimals', { d: new Decimal('1.0') }, { d: new Decimal('1.0') }],
    ['nothing', undefined, undefined],
    ['boxed texts', { t: Object('a') }, { t: Object('a') }],
  ])('that are equal %s are one request', async (_what, first, second) => {
    expect(await judge(first, second)).toBe('same')
  })

  it.each<[string, unknown]>([
    ['an object that shows nothing of what it holds', { price: new Money(100) }],
    ['a function', { run: () => 1 }],
    ['a symbol', { s: Symbol('a') }],
    ['a promise', { p: Promise.resolve(1) }],
  ])('with %s are no requests until somebody says what they ask for', async (_what, body) => {
    expect(await judge(body, body)).toBe('refused 500')
    expect(await judge(body, body, { fingerprint: () => 'the same' })).toBe('same')
    const said = [{ n: 1 }, { n: 2 }]
    expect(await judge(body, body, { fingerprint: async () => said.shift() })).toBe('other')
  })

  it('nested endlessly are the client’s mistake', async () => {
    const deep: unknown = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`)
    const ring: Record<string, unknown> = {}
    ring.self = ring
    expect(await judge(deep, deep)).toBe('refused 400')
    expect(await judge(ring, ring)).toBe('refused 400')
  })

  it.each<[string, () => unknown]>([
    ['bytes', () => Buffer.alloc(1_048_576, 7)],
    ['bytes in a field', () => ({ file: Uint8Array.from({ length: 1_048_576 }, (_, n) => n) })],
    ['text', () => ({ text: 'x'.repeat(1_048_576) })],
    ['numbers', () => ({ list: Array.from({ length: 200_000 }, (_, n) => n) })],
  ])('of a mebibyte of %s hold nobody up', async (_what, make) => {
    await judge(make(), make())
    // Of this process alone: whatever else the machine does counts for nothing.
    const before = process.cpuUsage()
    expect(await judge(make(), make())).toBe('same')
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1_000).toBeLessThan(1_300)
  })
})

describe.each(EXPRESSES)('a body in %s', (_name, express) => {
  const fine: RequestHandler = (_req, res) => void res.json({ fine: true })

  it.each<[string, RequestHandler, string, string, string]>([
    ['bytes', raw({ type: '*/*' }) as RequestHandler, 'application/octet-stream', 'aaa', 'bbb'],
    ['text', text({ type: '*/*' }) as RequestHandler, 'text/plain', 'aaa', 'bbb'],
    ['a form', urlencoded({ extended: true }) as RequestHandler, 'application/x-www-form-urlencoded', 'a[b]=1', 'a[b]=2'],
  ])('of %s tells two requests apart', async (_what, parser, type, first, second) => {
    const shop = aShop(fine, { express, before: [parser] })
    const send = (body: string) => request(shop.app).post('/do').set({ 'idempotency-key': KEY, 'content-type': type }).send(body)
    expect([(await send(first)).status, (await send(first)).status, (await send(second)).status]).toEqual([200, 200, 422])
  })

  it.each<[string, multer.Options]>([
    ['in memory', {}],
    ['on disk', { dest: tmpdir() }],
  ])('with files, kept %s, tells them apart by what is in them', async (_where, options) => {
    const run = jest.fn(fine)
    const upload = multer(options)
    const shop = aShop(run, { express, before: [upload.fields([{ name: 'file' }, { name: 'more' }]) as unknown as RequestHandler] })
    const send = (content: string, name = 'a.txt', more = 'm') =>
      request(shop.app)
        .post('/do')
        .set('idempotency-key', KEY)
        .field('note', 'n')
        .attach('file', Buffer.from(content), name)
        .attach('more', Buffer.from(more), 'm.txt')
    const answers = [
      await send('one'),
      await send('one'),
      await send('two'),
      await send('one', 'b.txt'),
      await send('one', 'a.txt', 'other'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 422, 422, 422])
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('with one file tells it apart', async () => {
    const shop = aShop(fine, { express, before: [multer().single('file') as unknown as RequestHandler] })
    const send = (content: string) =>
      request(shop.app).post('/do').set('idempotency-key', KEY).attach('file', Buffer.from(content), 'a.txt')
    expect([(await send('one')).status, (await send('one')).status, (await send('')).status]).toEqual([200, 200, 422])
  })

  it.each<[string, RequestHandler[]]>([
    ['no parser', []],
    ['a parser of another type', [json()]],
  ])('that nobody read, with %s in front, is refused with what to do', async (_what, before) => {
    const run = jest.fn(fine)
    const told: unknown[] = []
    const shop = aShop(run, { express, before })
    shop.app.use(((error, _req, res, _next) => {
      told.push(error)
      res.status(500).end()
    }) satisfies express5.ErrorRequestHandler)
    const send = () => request(shop.app).post('/do').set({ 'idempotency-key': KEY, 'content-type': 'application/octet-stream' }).send('abc')
    expect((await send()).status).toBe(500)
    expect(String(told[0])).toContain('Put the parser of its body')
    expect(run).not.toHaveBeenCalled()
  })

  it('that there is none of needs no parser', async () => {
    const shop = aShop(fine, { express, before: [] })
    expect((await request(shop.app).post('/do').set('idempotency-key', KEY)).status).toBe(200)
  })

  it('that the handler streams counts as what the option says', async () => {
    const run = jest.fn<RequestHandler>((req, res) => void req.resume().on('end', () => res.json({ read: true })))
    const shop = aShop(run, { express, before: [], fingerprint: (req) => req.get('digest') })
    const send = (digest: string) =>
      request(shop.app).post('/do').set({ 'idempotency-key': KEY, digest, 'content-type': 'text/plain' }).send('abc')
    expect([(await send('a')).status, (await send('a')).status, (await send('b')).status]).toEqual([200, 200, 422])
    expect(run).toHaveBeenCalledTimes(1)
  })
})
