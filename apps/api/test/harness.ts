import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createIdentity, createTwilioSimulator, type DemoUserName, type Identity, type TwilioSimulator } from '@org/stand-ins'
import { freePort } from '@org/tooling/loopback'
import type { Database } from '../src/engine/database/Database.js'
import { openTestDatabase } from '../src/engine/migrations/testing/openTestDatabase.js'
import {
  type Config,
  createDependencies,
  type Dependencies,
  type DependencyOverrides,
  loadConfig,
  type RunningApi,
  type StartOptions,
  seedDemo,
  startApi,
} from '../src/index.js'
import { endAll } from './support/endAll.js'

/** A running API on the embedded database, with stand-ins for sign-in and Twilio. */
export interface TestApi {
  url: string
  config: Config
  api: RunningApi
  dependencies: Dependencies
  identity: Identity
  twilio: TwilioSimulator
  /** A request as `user` (ana unless told otherwise); `null` sends no token. */
  request(path: string, options?: RequestOptions): Promise<TestAnswer>
  stop(): Promise<void>
}

export interface RequestOptions {
  user?: DemoUserName | null
  method?: string
  key?: string
  headers?: Record<string, string>
  /** Sent as JSON; a string is sent as it is. */
  body?: unknown
}

export interface TestAnswer {
  status: number
  headers: Headers
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the body holds and fails when it is not there
  body: any
}

export interface TestApiOptions {
  env?: Record<string, string>
  overrides?: DependencyOverrides
  start?: StartOptions
  /** Without a database of its own the test gets a new one in memory, with the demo's rows. */
  database?: DependencyOverrides['database']
}

export async function startTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const identity = await createIdentity({ issuer: 'http://identity.test' })
  const jwks = await serve((_req, res) => res.setHeader('Content-Type', 'application/json').end(JSON.stringify(identity.jwks())))
  const twilio = await createTwilioSimulator({ sentAfterMs: 10, deliveredAfterMs: 10 })
  const standIns = {
    identity,
    jwks,
    twilio,
    close: () =>
      endAll(
        () => twilio.close(),
        () => new Promise((resolve) => jwks.close(resolve)),
      ),
  }
  try {
    return await startOn(standIns, options)
  } catch (error) {
    await standIns.close()
    throw error
  }
}

interface StandIns {
  identity: Identity
  jwks: Server
  twilio: TwilioSimulator
  close(): Promise<void>
}

async function startOn({ identity, jwks, twilio, close }: StandIns, { env = {}, overrides = {}, start, database }: TestApiOptions) {
  const port = await freePort()
  const config = loadConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    JWKS_URL: `http://127.0.0.1:${portOf(jwks)}/jwks.json`,
    JWT_ISSUER: identity.issuer,
    TWILIO_ACCOUNT_SID: twilio.accountSid,
    TWILIO_AUTH_TOKEN: twilio.authToken,
    TWILIO_FROM: twilio.phoneNumber,
    TWILIO_API_BASE_URL: twilio.url,
    ...env,
  })
  const dependencies = await createDependencies(config, {
    database: database ?? (await openTestDatabase()),
    ...overrides,
  })
  if (database === undefined) await seedDemo(dependencies.database)
  const api = await startApi(dependencies, start)
  const tokens = new Map<DemoUserName, string>()

  const tokenOf = async (user: DemoUserName) => {
    const token = tokens.get(user) ?? (await identity.issueToken({ user }))
    tokens.set(user, token)
    return token
  }
  return {
    url: api.url,
    config,
    api,
    dependencies,
    identity,
    twilio,
    async request(path: string, { user = 'ana', method, key, headers = {}, body }: RequestOptions = {}): Promise<TestAnswer> {
      const response = await fetch(api.url + path, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          ...(user === null ? {} : { authorization: `Bearer ${await tokenOf(user)}` }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, body: parse(text) }
    },
    async stop() {
      await endAll(() => api.stop(), close)
    },
  }
}

/** The same database for one API after the other: stopping one does not close it. */
export function lend(database: Database): Database {
  return {
    query: database.query.bind(database),
    write: database.write.bind(database),
    script: database.script.bind(database),
    onCommit: database.onCommit.bind(database),
    transaction: database.transaction.bind(database),
    answers: database.answers.bind(database),
    close: async () => undefined,
  }
}

let keys = 0

/** A key that no other test used. */
export function aKey(): string {
  keys += 1
  return `key-${process.pid}-${Date.now()}-${String(keys).padStart(6, '0')}`
}

export function serve(handler: Parameters<typeof createServer>[1]): Promise<Server> {
  const server = createServer(handler)
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
