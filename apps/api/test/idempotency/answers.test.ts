import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import compression from 'compression'
import cors from 'cors'
import { type Express, json, type RequestHandler } from 'express'
import helmet from 'helmet'
import { aShop, EXPRESSES, KEY, listening, type ShopOptions } from './shop.js'

interface Raw {
  status: number
  headers: IncomingHttpHeaders
  /** As it came over the wire, undecoded. */
  bytes: Buffer
}

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** What a server's answer is without what belongs to one moment or one connection. */
const lasting = ({ headers: { date, connection, 'keep-alive': _k, 'transfer-encoding': _t, 'content-length': _c, ...headers } }: Raw) =>
  headers

describe.each(EXPRESSES)('an answer of %s', (_name, express) => {
  /** The same click twice over real connections, and what came each time. */
  async function twice(
    handler: RequestHandler,
    { accept = ['gzip', 'gzip'], ...options }: ShopOptions & { accept?: [string, string] } = {},
  ) {
    const run = jest.fn(handler)
    const [first, second] = (await answersOf(aShop(run, { express, ...options }).app, accept)) as [Raw, Raw]
    return { first, second, runs: run.mock.calls.length }
  }

  /** What an app answers to the same click, asked for so often. */
  async function answersOf(app: Express, accept: string[]): Promise<Raw[]> {
    const server = await listening(app)
    closing.push(server.close)
    const answers: Raw[] = []
    for (const encoding of accept) answers.push(await post(server.port, encoding))
    return answers
  }

  function post(port: number, encoding: string): Promise<Raw> {
    const headers = {
      'idempotency-key': KEY,
      user: 'ana',
      'accept-encoding': encoding,
      'content-type': 'application/json',
      origin: 'https://shop.test',
    }
    return new Promise((resolve, reject) => {
      const asking = httpRequest({ port, path: '/do', method: 'POST', headers }, (res) => {
        const chunks: Buffer[] = []
        res.on('data', (chunk: Buffer) => chunks.push(chunk))
        res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, bytes: Buffer.concat(chunks) }))
        res.on('error', reject)
      })
      asking.on('error', reject).end('{}')
    })
  }

  const TEXT = 'critical '.repeat(500)
  const BYTES = Buffer.from(Array.from({ length: 70_000 }, (_, n) => n % 256))

  const handlers: [string, RequestHandler][] = [
    ['res.json', (_req, res) => void res.status(201).json({ made: 1, name: 'Zoë ✓' })],
    ['res.send of text', (_req, res) => void res.send(TEXT)],
    ['res.send of bytes', (_req, res) => void res.send(BYTES)],
    ['res.end of nothing', (_req, res) => void res.end()],
    ['a 204', (_req, res) => void res.status(204).end()],
    ['res.sendStatus', (_req, res) => void res.sendStatus(202)],
    ['res.end in latin1', (_req, res) => void res.end('Zo\u00eb', 'latin1')],
    ['bytes of text under a header beyond ASCII', (_req, res) => void res.set('x-own', 'Zo\u00eb').end(Buffer.from('said'))],
    ['bytes of text with a callback', (_req, res) => void res.end(Buffer.from('said'), () => undefined)],
    ['bytes beyond ASCII', (_req, res) => void res.set('x-own', 'Zo\u00eb').end(Buffer.from('Zoë'))],
    ['res.end with a callback', (_req, res) => void res.end('said', () => undefined)],
    [
      'writes of text, bytes, hex and an end',
      (_req, res) => {
        res.write('{"made"')
        res.write(Buffer.from(':1'))
        res.write('2c', 'hex')
        res.end('"x":2}')
      },
    ],
    [
      'one buffer used again and again',
      async (_req, res) => {
        const buffer = Buffer.alloc(3)
        for (const text of ['one', 'two', 'six']) {
          buffer.write(text)
          await new Promise<void>((resolve) => void res.write(buffer, () => resolve()))
        }
        res.end()
      },
    ],
    ['a stream', (_req, res) => void Readable.from(['a', 'b', Buffer.from('c')]).pipe(res)],
    ['a file', (_req, res) => void createReadStream(fileURLToPath(import.meta.url)).pipe(res)],
    ['res.sendFile', (_req, res) => void res.sendFile(fileURLToPath(import.meta.url))],
    ['res.download', (_req, res) => void res.download(fileURLToPath(import.meta.url), 'Rechnung ü.ts')],
    ['res.redirect', (_req, res) => void res.redirect(302, '/there')],
    [
      'writeHead with an object',
      (_req, res) => void res.writeHead(201, { 'X-Own': 'yes', Link: ['</a>', '</b>'], 'Content-Type': 'text/x-own' }).end('said'),
    ],
    ['writeHead with a reason', (_req, res) => void res.writeHead(201, 'Made', { 'X-Own': 'yes' }).end('said')],
    ['writeHead with a list', (_req, res) => void res.writeHead(201, ['X-Own', 'yes', 'X-Other', 'no']).end('said')],
    ['writeHead over set headers', (_req, res) => void res.set('x-own', 'before').writeHead(200, { 'x-own': 'after' }).end('said')],
    [
      'flushed headers',
      (_req, res) => {
        res.status(203).set('x-own', 'yes').flushHeaders()
        setImmediate(() => res.end('later'))
      },
    ],
    ['an own Content-Encoding', (_req, res) => void res.set('content-encoding', 'gzip').end(gzipSync(TEXT))],
    [
      'headers of all kinds',
      (_req, res) =>
        void res
          .set({
            'content-disposition': 'attachment; filename="a.pdf"',
            link: '</next>; rel="next"',
            'x-total': '7',
            etag: '"e"',
            'content-language': 'de',
            'retry-after': '3',
          })
          .append('Warning', ['199 - "a"', '199 - "b"'])
          .json([]),
    ],
    [
      "Node's own ways to set a header",
      (_req, res) => {
        res.setHeader('X-Gone', 'yes').setHeader('X-Own', ['a', 'b']).appendHeader('X-Own', 'c').appendHeader('X-More', 'd')
        res.setHeaders(new Map([['X-Of-Map', 'e']])).removeHeader('x-gone')
        res.end('said')
      },
    ],
    ['a status text', (_req, res) => void res.status(200).type('application/vnd.own+json').send('{}')],
  ]

  it.each(handlers)('by %s comes again byte by byte with its headers', async (_what, handler) => {
    const { first, second, runs } = await twice(handler)
    expect(runs).toBe(1)
    expect([second.status, second.bytes.equals(first.bytes)]).toEqual([first.status, true])
    expect(lasting(second)).toEqual({ ...lasting(first), 'idempotent-replayed': 'true' })
  })

  it.each(handlers)('by %s goes out as it does without a guard', async (_what, handler) => {
    const app = express()
    app.post('/do', json(), handler)
    const [bare] = (await answersOf(app, ['gzip'])) as [Raw]
    const { first } = await twice(handler)
    const { 'idempotency-key': echo, date: _, ...headers } = first.headers
    const { date: __, ...bareHeaders } = bare.headers
    expect([echo, first.status, headers, first.bytes.equals(bare.bytes)]).toEqual([KEY, bare.status, bareHeaders, true])
  })

  describe('that is compressed', () => {
    const compressing = () => compression({ threshold: 0 }) as unknown as RequestHandler
    const said: RequestHandler = (_req, res) => void res.set('x-own', 'yes').json({ said: TEXT })
    const streamed: RequestHandler = (_req, res) => {
      res.type('text/plain').write(TEXT)
      res.end(TEXT)
    }
    const headed: RequestHandler = (_req, res) => void res.writeHead(201, { 'x-own': 'yes', 'content-type': 'text/plain' }).end(TEXT)
    const both: [string, ShopOptions][] = [
      ['in front', { before: [compressing(), json()] }],
      ['behind', { after: [compressing()] }],
      ['in front and behind', { before: [compressing(), json()], after: [compressing()] }],
    ]

    it.each(both)('%s is compressed and marked so each time', async (_where, options) => {
      for (const handler of [said, streamed, headed]) {
        const { first, second, runs } = await twice(handler, options)
        expect(runs).toBe(1)
        expect([first.headers['content-encoding'], second.headers['content-encoding']]).toEqual(['gzip', 'gzip'])
        expect(gunzipSync(second.bytes)).toEqual(gunzipSync(first.bytes))
        expect([second.status, second.headers['x-own'], second.headers.vary]).toEqual([
          first.status,
          first.headers['x-own'],
          first.headers.vary,
        ])
      }
    })

    it.each(both)('%s is readable for a duplicate that takes nothing compressed', async (_where, options) => {
      const { first, second } = await twice(said, { ...options, accept: ['gzip', 'identity'] })
      expect(second.headers['content-encoding']).toBeUndefined()
      expect(second.bytes.toString()).toBe(gunzipSync(first.bytes).toString())
    })

    it.each(both)('%s only for a duplicate that takes it comes as the first one came', async (_where, options) => {
      const { first, second } = await twice(said, { ...options, accept: ['identity', 'gzip'] })
      const text = second.headers['content-encoding'] === 'gzip' ? gunzipSync(second.bytes) : second.bytes
      expect(text.toString()).toBe(first.bytes.toString())
    })
  })

  it('that something in front makes something else of is kept as the handler gave it', async () => {
    const shouting: RequestHandler = (_req, res, next) => {
      const end = res.end.bind(res) as (text: string) => typeof res
      res.end = ((text: unknown) => end(`${String(text).toUpperCase()}!`)) as typeof res.end
      next()
    }
    const { first, second } = await twice((_req, res) => void res.end('said'), { before: [shouting, json()] })
    expect([first.bytes.toString(), second.bytes.toString()]).toEqual(['SAID!', 'SAID!'])
  })

  it('keeps what belongs to one answer, and what stands in front, out of replays', async () => {
    let requests = 0
    const ownId: RequestHandler = (_req, res, next) => {
      requests += 1
      res.set({
        'x-request-id': `request-${requests}`,
        'ratelimit-remaining': String(10 - requests),
        'cache-control': 'no-cache',
        'x-list': 'a',
      })
      next()
    }
    const before = [ownId, cors({ origin: 'https://shop.test', credentials: true }), helmet(), json()]
    const { first, second } = await twice(
      (_req, res) => {
        res.appendHeader('x-list', 'b')
        res.cookie('session', 'secret').set('cache-control', 'no-store').vary('Accept-Language').json({})
      },
      { before },
    )
    expect(first.headers['set-cookie']).toHaveLength(1)
    expect(second.headers['set-cookie']).toBeUndefined()
    expect([second.headers['x-request-id'], second.headers['ratelimit-remaining']]).toEqual(['request-2', '8'])
    expect(second.headers).toMatchObject({
      'access-control-allow-origin': 'https://shop.test',
      'cache-control': 'no-store',
      'x-list': 'a, b',
      vary: 'Origin, Accept-Language',
    })
    expect(second.headers['content-security-policy']).toBe(first.headers['content-security-policy'])
  })

  it('has the headers that pass by a door of something in front, also at the very first request', async () => {
    const inFront: RequestHandler = (_req, res, next) => {
      const setHeader = res.setHeader.bind(res)
      res.setHeader = (name, value) => setHeader(name, name === 'x-own' ? `${String(value)}!` : value)
      next()
    }
    const { first, second } = await twice((_req, res) => void res.set('x-own', 'yes').json({}), { before: [inFront, json()] })
    expect(first.headers['x-own']).toBe('yes!')
    expect(second.headers['x-own']).toMatch(/^yes!+$/)
  })

  it('repeats only the headers that were named, where some were', async () => {
    const { second } = await twice((_req, res) => void res.set({ 'x-own': 'yes', 'x-other': 'no' }).json({}), {
      replayedHeaders: ['Content-Type', 'X-Own'],
    })
    expect([second.headers['content-type'], second.headers['x-own'], second.headers['x-other']]).toEqual([
      'application/json; charset=utf-8',
      'yes',
      undefined,
    ])
  })

  it('is kept though the answers of other requests of the app pass by', async () => {
    const { app } = aShop((_req, res) => void res.json({ watched: 1 }), { express })
    app.get('/other', (_req, res) => {
      res.write('oth')
      res.end('er')
    })
    const server = await listening(app)
    closing.push(server.close)
    await post(server.port, 'identity')
    expect(await (await fetch(`http://127.0.0.1:${server.port}/other`)).text()).toBe('other')
    expect((await post(server.port, 'identity')).bytes.toString()).toBe('{"watched":1}')
  })

  it('is kept of a route of a mounted app, and of what that leaves to its parent', async () => {
    const inner = express()
    const { guard } = aShop(() => undefined, { express })
    const run = jest.fn<RequestHandler>((_req, res) => void res.json({ from: 'outside' }))
    inner.use(json(), guard)
    const outer = express()
    outer.use('/', inner)
    outer.use(run)
    const server = await listening(outer)
    closing.push(server.close)
    const answers = [await post(server.port, 'identity'), await post(server.port, 'identity')]
    expect(answers.map(({ bytes }) => bytes.toString())).toEqual(Array(2).fill('{"from":"outside"}'))
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('of 200 kB stays what it was to the bit', async () => {
    const { first, second } = await twice((_req, res) => void res.send(Buffer.concat([BYTES, BYTES, BYTES])))
    const digest = ({ bytes }: Raw) => createHash('sha256').update(bytes).digest('hex')
    expect([second.bytes.length, digest(second)]).toEqual([210_000, digest(first)])
  })
})
