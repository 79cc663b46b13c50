import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { HEADERS } from '@org/contracts'
import { build } from 'esbuild'
import type { Random } from './random.js'

/** What a network does to one exchange. `before`: the API never hears of it. `after`: it has acted, its answer suffers. */
const TROUBLES = {
  'cut before': { reaches: false },
  'cut after': { reaches: true },
  'page 403 before': { reaches: false, status: 403, html: true },
  'page 403 after': { reaches: true, status: 403, html: true },
  'page 503 before': { reaches: false, status: 503, html: true, retryAfter: '0' },
  'page 503 after': { reaches: true, status: 503, html: true, retryAfter: 'Thu, 01 Jan 1970 00:00:00 GMT' },
  'page 429 before': { reaches: false, status: 429, html: true, retryAfter: '2' },
  'portal 200': { reaches: false, status: 200, html: true },
  'half a body': { reaches: true, body: (text: string) => text.slice(0, text.length / 2) },
  'null body': { reaches: true, body: () => 'null' },
  'list body': { reaches: true, body: () => '[]' },
  'bare success': { reaches: true, body: () => '{"success":true}' },
  'no echo': { reaches: true, dropsEcho: true },
  'retry at once': { reaches: true, retryAfter: '0' },
} as const satisfies Record<string, Trouble>

interface Trouble {
  reaches: boolean
  status?: number
  html?: boolean
  retryAfter?: string
  body?: (text: string) => string
  dropsEcho?: boolean
}

const NAMES = Object.keys(TROUBLES) as (keyof typeof TROUBLES)[]
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-encoding'])

export interface BadNetwork {
  url: string
  /** Share of requests of the API that something happens to, 0 to 1. */
  badness: number
  /** How often each trouble was made. */
  readonly made: Map<string, number>
  /** How often each key was sent. */
  readonly attempts: Map<string, number>
  /** Sabotage, for a test of the checker: each write is sent once more under a key of its own. */
  repeatsWrites: boolean
  /** Sabotage: no write arrives. */
  cutsWrites: boolean
  close(): Promise<void>
}

/** One origin in front of the demo: the test's page, and the API as a bad network shows it. */
export async function startBadNetwork(demoUrl: string, random: Random): Promise<BadNetwork> {
  const script = await pageScript()
  const demo = new URL(demoUrl)
  const network = {
    badness: 0,
    made: new Map<string, number>(),
    attempts: new Map<string, number>(),
    repeatsWrites: false,
    cutsWrites: false,
  } as BadNetwork

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/'
    if (path === '/soak.js') return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    if (path === '/soak') return void response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE)
    const isApi = path.startsWith('/api/')
    const name = isApi && random.chance(network.badness) ? random.pick(NAMES) : undefined
    if (name !== undefined) network.made.set(name, (network.made.get(name) ?? 0) + 1)
    const key = request.headers[KEY]
    if (typeof key === 'string') network.attempts.set(key, (network.attempts.get(key) ?? 0) + 1)
    if (network.cutsWrites && key !== undefined) return void request.socket.destroy()
    const trouble: Trouble = name === undefined ? { reaches: true } : TROUBLES[name]
    const body = await read(request)
    const real = trouble.reaches ? await ask(demo, request, body) : undefined
    if (network.repeatsWrites && key !== undefined) await ask(demo, request, body, crypto.randomUUID())
    if (name?.startsWith('cut')) return void request.socket.destroy()
    tell(response, trouble, real)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  network.url = `http://localhost:${(server.address() as AddressInfo).port}`
  network.close = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(() => resolve()))
  }
  return network
}

const KEY = HEADERS.idempotencyKey.toLowerCase()
const PAGE = '<!doctype html><title>soak</title><script type="module" src="/soak.js"></script>'

interface Real {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

function tell(response: ServerResponse, { status, html, retryAfter, body, dropsEcho }: Trouble, real: Real | undefined): void {
  if (html) {
    const headers = { 'content-type': 'text/html', ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }) }
    return void response.writeHead(status ?? 502, headers).end('<h1>Something in between</h1>')
  }
  if (real === undefined) return void response.destroy()
  for (const [name, value] of Object.entries(real.headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name) && !(dropsEcho && name === KEY)) response.setHeader(name, value)
  }
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter)
  response.writeHead(real.status).end(body === undefined ? real.text : body(real.text))
}

function ask(demo: URL, { method, url, headers }: IncomingMessage, body: Buffer, key?: string): Promise<Real> {
  const { 'accept-encoding': _encoding, ...asked } = headers
  return new Promise((resolve, reject) => {
    const sent = forward(
      { hostname: demo.hostname, port: demo.port, method, path: url, headers: { ...asked, ...(key === undefined ? {} : { [KEY]: key }) } },
      async (got) => resolve({ status: got.statusCode ?? 502, headers: got.headers, text: (await read(got)).toString() }),
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

async function read(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function pageScript(): Promise<string> {
  const entry = fileURLToPath(new URL('page/main.ts', import.meta.url))
  const bundle = await build({ entryPoints: [entry], bundle: true, format: 'esm', target: 'es2022', write: false, logLevel: 'silent' })
  return bundle.outputFiles[0]?.text ?? ''
}
