import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express5, { type Express, type RequestHandler } from 'express'
import express4 from 'express4'
import request from 'supertest'
import { type Idempotency, type IdempotencyOptions, idempotency, MemoryStore } from '../../src/engine/idempotency/index.js'

/** Both majors in use; their types are the same to us. */
export const EXPRESSES: [string, typeof express5][] = [
  ['Express 5', express5],
  ['Express 4', express4],
]

export const KEY = '0192f3a4-aaaa-7bbb-8ccc-000000000001'
export const OTHER_KEY = '0192f3a4-aaaa-7bbb-8ccc-000000000002'

export interface ShopOptions extends Partial<IdempotencyOptions> {
  express?: typeof express5
  /** In front of the guard. @default express.json() */
  before?: RequestHandler[]
  /** Between the guard and the handler. */
  after?: RequestHandler[]
}

export interface Shop {
  app: Express
  guard: Idempotency
}

/** A team's own app with one route; the key's scope is the header `user`, as it would be the session's. */
export function aShop(
  handler: RequestHandler,
  { express = express5, before = [express.json()], after = [], ...options }: ShopOptions = {},
): Shop {
  const guard = idempotency({ store: new MemoryStore(), scope: (req) => req.get('user') ?? 'ana', ...options })
  const app = express()
  app.all('/do', ...before, guard, ...after, handler)
  return { app, guard }
}

export interface Click {
  key?: string
  body?: object | string
  user?: string
  headers?: Record<string, string>
}

export function click({ app }: Shop, { key = KEY, body = {}, user = 'ana', headers = {} }: Click = {}): request.Test {
  return request(app)
    .post('/do')
    .set({ 'idempotency-key': key, user, ...headers })
    .send(body)
}

/** Sends it now; supertest alone waits for `then`. */
export const sent = (test: request.Test): Promise<request.Response> => test.then((answer) => answer)

/** Listens on a port of its own; `close` ends every connection. */
export async function listening(app: Express): Promise<{ port: number; close: () => void }> {
  const server: Server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** A promise that a test resolves when it wants a handler to go on. */
export function gate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}
