import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { defineAction } from '@org/contracts'
import express, { type Express, type Request } from 'express'
import { pino } from 'pino'
import * as z from 'zod/mini'
import { createTokenVerifier } from '../src/engine/identity/tokenVerifier.js'
import { openTestDatabase } from '../src/engine/migrations/testing/openTestDatabase.js'
import {
  type AppCaller,
  actionRoute,
  answer,
  type Background,
  createApiRouter,
  createDependencies,
  type Dependencies,
  inLedger,
  loadConfig,
  seedDemo,
  startBackground,
} from '../src/index.js'
import { aKey, portOf, serve } from './harness.js'

/** An app may be of the version before. */
const express4 = createRequire(import.meta.url)('express4') as typeof express

const SESSIONS: Record<string, AppCaller | null> = {
  'sid=ana': { actor: 'user-456', tenant: 'org-1' },
  'sid=eve': { actor: 'user-999', tenant: 'org-2' },
}

const whoAmI = defineAction({
  name: 'who.amI',
  path: '/who/am-i',
  requestSchema: z.looseObject({ n: z.optional(z.number()) }),
  responseSchema: z.looseObject({ success: z.literal(true) }),
  lanes: () => ['who'],
  overlays: () => [],
  rows: () => [],
  ttlMs: 60_000,
  keyRequired: false,
})

let dependencies: Dependencies
let background: Background
let caller: (req: Request) => AppCaller | null | Promise<AppCaller | null>
const lines: string[] = []
const closing: (() => Promise<unknown>)[] = []
const bySession = (req: Request) => SESSIONS[req.headers.cookie ?? ''] ?? null

beforeAll(async () => {
  const config = loadConfig({
    NODE_ENV: 'test',
    ALLOW_HS256: 'true',
    JWT_HS256_SECRET: 'x'.repeat(32),
    CORS_ORIGINS: 'https://listed.test',
  })
  const log = pino({ level: 'info' }, { write: (line) => lines.push(line) })
  dependencies = await createDependencies(config, { database: await openTestDatabase(), log })
  await seedDemo(dependencies.database)
  background = await startBackground(dependencies)
})

afterAll(async () => {
  for (const close of closing) await close()
  await background.stop()
  await dependencies.close()
})

/** An app with routes of its own behind the API, as a team may have it. */
async function mount(build: (app: Express, api: express.RequestHandler) => void, make: typeof express = express) {
  const run = inLedger(dependencies.database, async ({ tx, call }) => {
    const [row] = await tx.query(`select current_setting('request.jwt.claims', true)::jsonb as claims`)
    return answer({ ...row, actor: call.caller.actor, tenant: call.caller.tenant })
  })
  const api = createApiRouter(dependencies, { caller: (req) => caller(req), actions: [actionRoute(whoAmI, run)] })
  const app = make()
  build(app, api as express.RequestHandler)
  app.use((req, res) => void res.status(418).json({ mine: req.method, url: req.originalUrl, body: req.body ?? null }))
  app.use(((_error, _req, res, _next) => void res.status(599).end()) as express.ErrorRequestHandler)
  const server = await serve(app)
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  const origin = `http://127.0.0.1:${portOf(server)}`
  caller = bySession
  return async (
    path: string,
    { body, headers = {}, ...options }: { method?: string; body?: unknown; headers?: Record<string, string | undefined> } = {},
  ) => {
    const all = { cookie: 'sid=ana', origin, 'content-type': 'application/json', 'idempotency-key': aKey(), ...headers }
    const response = await fetch(origin + path, {
      ...options,
      method: options.method ?? (body === undefined ? 'GET' : 'POST'),
      headers: Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text || 'null') }
  }
}

describe.each([
  ['Express 5', express],
  ['Express 4', express4],
])('in an app of %s', (_name, make) => {
  describe.each([
    ['before its body parser', '', (app: Express, api: express.RequestHandler) => app.use(api).use(make.json())],
    [
      'after its body parser',
      '',
      (app: Express, api: express.RequestHandler) => app.use(make.json(), make.urlencoded({ extended: true })).use(api),
    ],
    ['after a parser of texts', '', (app: Express, api: express.RequestHandler) => app.use(make.text({ type: '*/*' })).use(api)],
    ['after a parser of bytes', '', (app: Express, api: express.RequestHandler) => app.use(make.raw({ type: '*/*' })).use(api)],
    ['under a prefix', '/crm', (app: Express, api: express.RequestHandler) => app.use('/crm', make.json(), api)],
    ['under a deep prefix', '/a/:team/b', (app: Express, api: express.RequestHandler) => app.use('/a/:team/b', api).use(make.json())],
  ])('%s', (_where, mountPath, build) => {
    const prefix = mountPath.replace(':team', 'red')

    it('carries out a click once, and replays it', async () => {
      const ask = await mount((app, api) => void build(app, api), make)
      const headers = { 'idempotency-key': aKey() }
      const body = { leadId: 'lead-123', status: 'contacted' }
      await dependencies.database.write(`update public.leads set status = 'new' where id = 'lead-123'`)
      const first = await ask(`${prefix}/api/leads/update-status`, { body, headers })
      expect([first.status, first.body.lead]).toMatchObject([200, { status: 'contacted', updated_by: 'user-456' }])
      const again = await ask(`${prefix}/api/leads/update-status`, { body, headers })
      expect([again.text, again.headers.get('idempotent-replayed'), again.headers.get('idempotency-key')]).toEqual([
        first.text,
        'true',
        headers['idempotency-key'],
      ])
      const other = await ask(`${prefix}/api/leads/update-status`, { body: { ...body, status: 'won' }, headers })
      expect(other.body.code).toBe('IDEMPOTENCY_KEY_REUSED')
    })

    it('answers its reads and refuses what is wrong, in its own way', async () => {
      const ask = await mount((app, api) => void build(app, api), make)
      expect((await ask(`${prefix}/api/session`)).body).toEqual({ actor: 'user-456', tenant: 'org-1' })
      expect((await ask(`${prefix}/api/leads?limit=2`)).body.leads).toHaveLength(2)
      expect((await ask(`${prefix}/api/leads?limit[]=2`)).status).toBeLessThan(500)
      expect((await ask(`${prefix}/api/session`, { headers: { cookie: undefined } })).status).toBe(401)
      expect((await ask(`${prefix}/api/leads/update-status`, { body: { leadId: 'lead-123' } })).body.code).toBe('VALIDATION_FAILED')
      expect((await ask(`${prefix}/api/mutations/%E0%A4%A`)).status).toBe(400)
    })

    it('touches nothing that is not its own', async () => {
      const ask = await mount((app, api) => void build(app, api), make)
      for (const path of [
        '/',
        '/api',
        '/api/own',
        '/healthz',
        '/docs',
        '/openapi.json',
        '/metrics',
        '/api/leads/lead-1',
        `${prefix}/`,
        `${prefix}/nope`,
      ]) {
        const mine = await ask(path, { headers: { cookie: undefined } })
        expect([path, mine.status, mine.body.url]).toEqual([path, 418, path])
        for (const header of ['x-request-id', 'content-security-policy', 'idempotency-key', 'contracts-version'])
          expect(mine.headers.get(header)).toBeNull()
      }
      const posted = await ask(`${prefix}/api/leads`, {
        body: { name: 'New' },
        headers: { cookie: undefined, origin: 'https://evil.test' },
      })
      expect([posted.status, posted.body.mine]).toEqual([418, 'POST'])
      expect(JSON.stringify(posted.body.body)).toMatch(/New|Buffer/)
    })
  })
})

describe('a mounted API', () => {
  const STATUS = '/api/leads/update-status'
  const body = { leadId: 'no-such', status: 'contacted' }

  it.each([
    ['no origin', { origin: undefined }],
    ['another origin', { origin: 'https://evil.test' }],
    ['another origin and a token beside the cookie', { origin: 'https://evil.test', authorization: 'Bearer junk' }],
    ['another site', { origin: undefined, 'sec-fetch-site': 'cross-site' }],
    ['a page whose origin is hidden', { origin: 'null' }],
    ['another origin and a sign-in that browsers attach', { origin: 'https://evil.test', cookie: undefined, authorization: 'Basic YTpi' }],
  ])('takes no write that a page elsewhere may have sent: %s', async (_name, headers) => {
    const ask = await mount((app, api) => void app.use(api))
    caller = () => ({ actor: 'user-456', tenant: 'org-1' })
    for (const [path, sent] of [
      [STATUS, body],
      [`/api/mutations/${aKey()}/resolve`, {}],
    ] as const) {
      const refused = await ask(path, { body: sent, headers })
      expect([path, refused.status, refused.body.code]).toEqual([path, 403, 'FORBIDDEN'])
    }
  })

  it.each([
    ['this origin', {}],
    ['a listed origin', { origin: 'https://listed.test' }],
    ['this origin, as the browser says', { origin: undefined, 'sec-fetch-site': 'same-origin' }],
    ['a program without a cookie', { origin: undefined, cookie: undefined, 'x-api-key': 'k' }],
    ['a page with a token and no cookie', { origin: 'https://elsewhere.test', cookie: undefined, authorization: 'Bearer t' }],
  ])('takes a write from %s', async (_name, headers) => {
    const ask = await mount((app, api) => void app.use(api))
    caller = () => ({ actor: 'user-456', tenant: 'org-1' })
    expect((await ask(STATUS, { body, headers })).body.code).toBe('NOT_FOUND')
  })

  it('answers the preflights of its own routes alone', async () => {
    const ask = await mount((app, api) => void app.use(api))
    const preflight = (path: string, method: string) =>
      ask(path, {
        method: 'OPTIONS',
        headers: { origin: 'https://listed.test', 'access-control-request-method': method, 'idempotency-key': undefined },
      })
    expect((await preflight(STATUS, 'POST')).headers.get('access-control-allow-origin')).toBe('https://listed.test')
    expect((await preflight('/api/leads', 'POST')).status).toBe(418)
  })

  it.each([
    ['a number for a person', { actor: 42, tenant: 'org-1' }],
    ['an empty organisation', { actor: 'user-1', tenant: '' }],
    ['no organisation', { actor: 'user-1' }],
    ['a text that no database keeps', { actor: 'user-1', tenant: 'a\u0000' }],
    ['a person who is called as a service account', { actor: 'service:billing', tenant: 'org-1' }],
    ['a person whose service flag is no boolean', { actor: 'service:billing', tenant: 'org-1', isService: 'yes' }],
    ['a list', ['user-1', 'org-1']],
  ])('is told by the log, and told nobody, when its app gives %s', async (_name, given) => {
    const ask = await mount((app, api) => void app.use(api))
    caller = () => given as never
    const answered = await ask('/api/session')
    expect([answered.status, answered.body.code]).toEqual([500, 'INTERNAL'])
    expect(lines.join('')).toContain('caller(req) must give { actor, tenant }')
  })

  it('does not take trouble of its app’s for "signed out"', async () => {
    const ask = await mount((app, api) => void app.use(api))
    caller = () => Promise.reject(new Error('membership table away'))
    expect((await ask('/api/session')).body.code).toBe('INTERNAL')
    caller = async () => null
    expect((await ask('/api/session')).body.code).toBe('UNAUTHENTICATED')
  })

  it('keeps organisations apart as its app says', async () => {
    const ask = await mount((app, api) => void app.use(api))
    const taken = await ask(STATUS, { body: { leadId: 'lead-123', status: 'won' }, headers: { cookie: 'sid=eve' } })
    expect(taken.body.code).toBe('NOT_FOUND')
  })

  it('names a service account in row, ledger and log', async () => {
    const ask = await mount((app, api) => void app.use(api))
    caller = () => ({ actor: 'nightly', tenant: 'org-1', isService: true })
    await dependencies.database.write(`update public.leads set status = 'new' where id = 'lead-124'`)
    const key = aKey()
    const done = await ask(STATUS, { body: { leadId: 'lead-124', status: 'contacted' }, headers: { 'idempotency-key': key } })
    expect([done.status, done.body.lead.updated_by]).toEqual([200, 'service:nightly'])
    expect(await dependencies.database.query('select actor, tenant from sync.ledger where key = $1', [key])).toEqual([
      { actor: 'service:nightly', tenant: 'org-1' },
    ])
    expect(lines.some((line) => line.includes('"service":"service:nightly"') && line.includes(STATUS))).toBe(true)
    expect((await ask('/api/session')).body).toEqual({ actor: 'service:nightly', tenant: 'org-1' })
    expect((await ask('/api/admin/sms-breaker/isolate', { body: {} })).body.code).toBe('FORBIDDEN')
  })

  it('tells the database who acts: in the app’s words, or in those of a token', async () => {
    const ask = await mount((app, api) => void app.use(api))
    const made = await ask(whoAmI.path, { body: {} })
    expect(made.body).toEqual({
      success: true,
      actor: 'user-456',
      tenant: 'org-1',
      claims: { sub: 'user-456', role: 'authenticated', app_metadata: { org_id: 'org-1' } },
    })
    caller = () => ({ actor: 'user-456', tenant: 'org-1', claims: { sub: 'mine' } })
    expect((await ask(whoAmI.path, { body: {} })).body.claims).toEqual({ sub: 'mine' })
  })

  it('takes data alone from a parser, and lets no body reach a prototype', async () => {
    const ask = await mount(
      (app, api) => void app.use(express.json({ reviver: (key, value) => (key === 'n' ? BigInt(value) : value) })).use(api),
    )
    expect((await ask(whoAmI.path, { body: { n: 1 } })).body.code).toBe('VALIDATION_FAILED')
    for (const text of [
      '{"__proto__":{"leadId":"lead-123","status":"won"}}',
      '{"constructor":{"prototype":{"polluted":1}},"leadId":"lead-123","status":"won"}',
    ]) {
      expect((await ask(STATUS, { body: text })).body.code).toBe('VALIDATION_FAILED')
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('says in the log that a body was read and kept nowhere', async () => {
    const ask = await mount((app, api) => void app.use((req, _res, next) => void req.resume().on('end', next)).use(api))
    expect((await ask(STATUS, { body })).body.code).toBe('INTERNAL')
    expect(lines.join('')).toContain('was read before the API saw it')
  })

  it('is not led by what its app keeps in res.locals', async () => {
    const ask = await mount(
      (app, api) =>
        void app
          .use((_req, res, next) => {
            Object.assign(res.locals, { session: { kind: 'operator', actor: 'root' }, requestId: 'mine' })
            next()
          })
          .use(api),
    )
    expect((await ask('/api/session', { headers: { cookie: undefined } })).status).toBe(401)
    expect((await ask('/api/session')).body).toEqual({ actor: 'user-456', tenant: 'org-1' })
  })

  it('reaches what a module’s router holds, and nothing beside it', async () => {
    const notes = express.Router().get('/:id', (req, res) => void res.json({ note: req.params.id }))
    const reports = { name: 'reports', routes: [express.Router().use('/api/reports', notes)] }
    const api = createApiRouter(dependencies, { caller: (req) => caller(req), modules: [reports] })
    const ask = await mount((app) => void app.use(api as express.RequestHandler))
    expect((await ask('/api/reports/7')).body).toEqual({ note: '7' })
    expect((await ask('/api/reports/7', { headers: { cookie: undefined } })).status).toBe(401)
    expect((await ask('/api/reports/7/more')).status).toBe(418)
  })

  it('serves beside another part that answers with pages', async () => {
    const ask = await mount((app, api) => void app.use('/crm', api).get('/', (_req, res) => void res.type('html').send('"page"')))
    expect((await ask('/')).text).toBe('"page"')
    expect((await ask('/crm/api/session')).status).toBe(200)
  })
})

it('is not mounted where nothing says who is calling, which would tell everybody to sign in for ever', () => {
  const nobody = { ...dependencies, verifyToken: createTokenVerifier({ ...dependencies.config.auth, hs256Secret: null }) }
  expect(() => createApiRouter(nobody)).toThrow(/^Nothing says who is calling.*`caller`.*JWKS_URL/)
  createApiRouter(nobody, { caller: bySession })
})

it('is not mounted with two actions at one address, of which one would carry out the other', () => {
  const twice = [whoAmI, { ...whoAmI, name: 'who.else' as const }].map((action) =>
    actionRoute(action, () => Promise.reject(new Error('not run'))),
  )
  expect(() => createApiRouter(dependencies, { caller: bySession, actions: twice })).toThrow('who.else would never be reached')
})

it.each([
  ['Express 5', express],
  ['Express 4', express4],
])('says once in production that a proxy stands in front of which an app of %s was told nothing', async (_name, make) => {
  const told = () => lines.filter((line) => line.includes('came through a proxy')).length
  const before = told()
  const { production } = dependencies.config
  Object.assign(dependencies.config, { production: true })
  const [trusting, unaware] = [
    await mount((app, api) => app.set('trust proxy', 1).use(api), make),
    await mount((app, api) => app.use(api), make),
  ]
  Object.assign(dependencies.config, { production })
  const headers = { 'x-forwarded-for': '203.0.113.9' }
  for (let n = 0; n < 2; n += 1) await trusting('/api/session', { headers })
  await unaware('/api/session')
  expect(told()).toBe(before)
  for (let n = 0; n < 2; n += 1) await unaware('/api/session', { headers })
  expect(told()).toBe(before + 1)
  expect(lines.join('')).toContain("app.set('trust proxy', 1)")
})
