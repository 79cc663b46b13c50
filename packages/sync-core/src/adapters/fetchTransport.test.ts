import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import type { TransportRequest } from '../ports/Transport.js'
import { createFetchTransport } from './fetchTransport.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function send(answer: RequestListener, request: Partial<TransportRequest> = {}) {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const transport = createFetchTransport({ apiUrl: `http://127.0.0.1:${port}` })
  return transport.send({ method: 'POST', path: '/api/x', headers: { 'Idempotency-Key': 'k' }, body: '{}', timeoutMs: 5_000, ...request })
}

test('an answer carries status, headers whatever their case, and the parsed body', async () => {
  const answer = await send((request, response) => {
    response.writeHead(409, { 'idempotency-key': String(request.headers['idempotency-key']) }).end('{"code":"X"}')
  })
  expect(answer).toMatchObject({ kind: 'answer', status: 409, json: { code: 'X' } })
  expect(answer.kind === 'answer' && answer.header('Idempotency-KEY')).toBe('k')
})

test('a page is an answer without JSON', async () => {
  expect(await send((_request, response) => response.end('<html>'))).toMatchObject({ kind: 'answer', status: 200, json: undefined })
})

test('a connection that is cut is a failure, not a throw', async () => {
  expect(await send((request) => request.socket.destroy())).toEqual({ kind: 'failure', reason: 'network' })
})

test('an answer cut in the middle of its body is a failure', async () => {
  const cut = await send((request, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('{"succ')
    setImmediate(() => request.socket.destroy())
  })
  expect(cut).toEqual({ kind: 'failure', reason: 'network' })
})

test('silence is a timeout, and a given up request is aborted', async () => {
  expect(await send(() => {}, { timeoutMs: 50 })).toEqual({ kind: 'failure', reason: 'timeout' })
  expect(await send(() => {}, { signal: AbortSignal.abort() })).toEqual({ kind: 'failure', reason: 'aborted' })
})

test('an address that ends with a slash is the same address', async () => {
  const asked: string[] = []
  const fetch = async (url: unknown) => {
    asked.push(String(url))
    return new Response('{}')
  }
  for (const apiUrl of ['https://api.example.com/', 'https://example.com/prefix//', '/', '']) {
    const { send } = createFetchTransport({ apiUrl, fetch: fetch as typeof globalThis.fetch })
    await send({ method: 'GET', path: '/api/x', headers: {}, timeoutMs: 5_000 })
  }
  expect(asked).toEqual(['https://api.example.com/api/x', 'https://example.com/prefix/api/x', '/api/x', '/api/x'])
})

test('a redirect makes a GET of a POST: that there is nothing to read at the address says nothing about the click', async () => {
  const answers = [404, 405, 409].map((status) => ({ ok: false, status, redirected: true }))
  const read = []
  for (const { status } of answers) {
    const redirected = Object.assign(new Response('{"code":"METHOD_NOT_ALLOWED"}', { status }), {})
    Object.defineProperty(redirected, 'redirected', { value: true })
    const { send } = createFetchTransport({ fetch: async () => redirected })
    const answer = await send({ method: 'POST', path: '/api/x', headers: {}, timeoutMs: 5_000 })
    read.push(answer.kind === 'answer' && answer.json !== undefined)
  }
  expect(read).toEqual([false, false, true])
})

test('a header that a proxy says once more is read once', async () => {
  const date = 'Wed, 21 Oct 2026 07:28:00 GMT'
  const headers = { 'Idempotency-Key': 'k, k', 'Retry-After': `${date}, ${date}`, 'X-Other': 'a, b' }
  const { send } = createFetchTransport({ fetch: async () => new Response('{}', { headers }) })
  const answer = await send({ method: 'POST', path: '/api/x', headers: {}, timeoutMs: 5_000 })
  const header = (name: string) => answer.kind === 'answer' && answer.header(name)
  expect([header('idempotency-key'), header('retry-after'), header('x-other'), header('x-none')]).toEqual(['k', date, 'a, b', null])
})
