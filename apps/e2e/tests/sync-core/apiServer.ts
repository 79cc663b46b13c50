import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ALLOWED_HEADERS, EXPOSED_HEADERS } from '@org/contracts'
import { FakeServer } from '@org/sync-core/testing'

export interface ApiServer {
  url: string
  /** What it keeps: ledger, rows, requests, and the plan of what goes wrong. */
  api: FakeServer
  /** While true, everything is answered as a captive portal does: 200 and a page. */
  isPortal: boolean
  /** While true, every connection is cut, as if there were no network. */
  isAway: boolean
  close(): Promise<void>
}

/** The in-memory API of `@org/sync-core/testing` behind real HTTP on an origin of its own. */
export async function startApi(): Promise<ApiServer> {
  const api = new FakeServer({ user: { actor: 'user-456', tenant: 'org-1' }, now: Date.now })
  const transport = api.transport(() => true)
  const started = { api, isPortal: false, isAway: false } as ApiServer

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (started.isAway) return void request.socket.destroy()
    allowCrossOrigin(request, response)
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    const body = await readBody(request)
    if (started.isPortal) return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Please pay for the Wi-Fi</h1>')
    const answer = await transport.send({
      method: request.method === 'POST' ? 'POST' : 'GET',
      path: request.url ?? '/',
      headers: canonicalHeaders(request),
      timeoutMs: 20_000,
      ...(body === '' ? {} : { body }),
    })
    // No answer at all, as a lost connection looks to a browser.
    if (answer.kind === 'failure') return void request.socket.destroy()
    for (const name of EXPOSED_HEADERS) {
      const value = answer.header(name)
      if (value !== null) response.setHeader(name, value)
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.json))
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  started.url = await listen(server)
  started.close = () => close(server)
  return started
}

export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

function allowCrossOrigin(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', request.headers.origin ?? '*')
  response.setHeader('access-control-allow-headers', ALLOWED_HEADERS.join(', '))
  response.setHeader('access-control-expose-headers', EXPOSED_HEADERS.join(', '))
  response.setHeader('access-control-max-age', '600')
}

// Node tells header names in lower case; the fake server reads the documented spelling.
function canonicalHeaders(request: IncomingMessage): Record<string, string> {
  const named = ALLOWED_HEADERS.flatMap((name) => {
    const value = request.headers[name.toLowerCase()]
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  return Object.fromEntries(named)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
