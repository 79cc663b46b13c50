import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { freePort } from '@org/tooling/loopback'
import { pino } from 'pino'
import { createApp } from '../src/createApp.js'
import type { Database } from '../src/engine/database/Database.js'
import { DatabaseUnavailableError } from '../src/engine/database/DatabaseError.js'
import { openTestDatabase } from '../src/engine/migrations/testing/openTestDatabase.js'
import { createLogger } from '../src/engine/telemetry/logger.js'
import { createDependencies, loadConfig, type Module, seedDemo, startApi, startBackground } from '../src/index.js'
import { aKey, lend, portOf, serve, startTestApi, type TestApi } from './harness.js'
import { until } from './support/until.js'

/** One for all APIs of this file: opening one is most of what starting an API costs. */
let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
  await seedDemo(database)
})

afterAll(() => database.close())

const start = (env: Record<string, string> = {}) => startTestApi({ env, database: lend(database) })

describe('what operators see', () => {
  let api: TestApi

  beforeAll(async () => {
    api = await start({ METRICS_TOKEN: 'a-token-for-prometheus', RATE_LIMIT_USER_PER_MINUTE: '30' })
  })

  afterAll(() => api.stop())

  it('the process is alive and ready', async () => {
    expect((await api.request('/healthz', { user: null })).body).toEqual({ status: 'ok' })
    expect((await api.request('/readyz', { user: null })).body).toEqual({ ready: true, draining: false, database: true, redis: true })
  })

  it('metrics are for whoever bears the token, and name routes by pattern', async () => {
    await api.request('/api/leads/lead-123/sms-history')
    const metrics = (headers: Record<string, string> = {}) => api.request('/metrics', { user: null, headers })
    expect((await metrics()).status).toBe(401)
    expect((await metrics({ authorization: 'Bearer wrong' })).status).toBe(401)
    const { text } = await metrics({ authorization: 'Bearer a-token-for-prometheus' })
    expect(text).toContain('http_request_duration_seconds_count{method="GET",route="/api/leads/:leadId/sms-history",status="200"} 1')
    expect(text).toContain('sms_breaker_state 0')
    expect(text).toContain('process_cpu_seconds_total')
    expect(text).not.toContain('lead-123')
  })

  it('the API describes itself, for programs and for people, with nothing from elsewhere', async () => {
    const document = await api.request('/openapi.json', { user: null })
    expect(document.body).toMatchObject({ openapi: '3.1.0', paths: { '/api/leads/{leadId}/update-status': {}, '/api/leads/send-sms': {} } })
    const page = await api.request('/docs', { user: null })
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(page.text).toContain('/api/bookings/confirm')
    expect(page.text).not.toMatch(/<script|https?:\/\//)
  })

  it('answers carry no hint of what serves them, and are kept by nobody', async () => {
    const { headers } = await api.request('/api/session')
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it('a person who floods is slowed down alone', async () => {
    // The minute must not end in the middle of the test.
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now())
    const flood = await Promise.all(Array.from({ length: 40 }, () => api.request('/api/session', { user: 'ben', key: aKey() })))
    const refused = flood.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(10)
    expect(refused[0]?.body).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfterMs: expect.any(Number) })
    expect(refused[0]?.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(refused[0]?.headers.get('idempotency-key')).toMatch(/^key-/)
    expect((await api.request('/api/session', { user: 'eve' })).status).toBe(200)
    clock.mockRestore()
  })
})

/** The same parts as they run in production. */
async function inProduction<T>(api: TestApi, work: (url: string) => Promise<T>): Promise<T> {
  const server = await serve(createApp({ ...api.dependencies, config: { ...api.config, production: true } }))
  try {
    return await work(`http://127.0.0.1:${portOf(server)}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

describe('a start', () => {
  const lines: string[] = []
  const log = createLogger({ logLevel: 'info' }, { write: (line) => void lines.push(line) })

  it('that fails says so in its one line and writes no other', async () => {
    lines.length = 0
    const config = loadConfig({ JWKS_URL: 'https://id.example.com/jwks.json', DATABASE_URL: 'postgres://127.0.0.1:9/app' })
    await expect(createDependencies(config, { log })).rejects.toThrow(/DATABASE_URL/)
    expect(lines).toEqual([])
  })

  it('says once what is off', async () => {
    lines.length = 0
    const api = await startTestApi({ database: lend(database), overrides: { log } })
    expect(lines.filter((line) => line.includes('LOG_HASH_KEY is not set'))).toHaveLength(1)
    await api.stop()
  })
})

describe('metrics', () => {
  it('are closed in production to whoever bears no token', async () => {
    const [closed, open] = [await start(), await start({ METRICS_TOKEN: 'a-token-for-prometheus' })]
    const ask =
      (headers: Record<string, string> = {}) =>
      (url: string) =>
        fetch(`${url}/metrics`, { headers }).then(({ status }) => status)
    const bearing = { authorization: 'bearer a-token-for-prometheus' }
    expect([await inProduction(closed, ask()), await inProduction(closed, ask(bearing))]).toEqual([404, 404])
    expect([await inProduction(open, ask()), await inProduction(open, ask(bearing))]).toEqual([401, 200])
    await Promise.all([closed.stop(), open.stop()])
  })

  it('have a port of their own where one is set, and are nowhere else', async () => {
    const port = await freePort()
    const api = await start({ METRICS_PORT: String(port) })
    const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
    expect(await (await ask('/metrics')).text()).toContain('sms_breaker_state 0')
    expect([(await ask('/api/leads')).status, (await ask('/readyz')).status]).toEqual([404, 404])
    expect((await api.request('/metrics', { user: null })).status).toBe(404)
    await api.stop()
    await expect(ask('/metrics')).rejects.toThrow()
  })

  it.each([
    ['HOST', { HOST: '203.0.113.1' }],
    ['HOST', { HOST: 'http://0.0.0.0' }],
  ])('leave a start that cannot have its address with one line that names %s (%j)', async (name, env) => {
    await expect(start(env)).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(new RegExp(`^${name} is wrong: .*$`)),
    })
  })

  it('say how busy the database is, how much it keeps and what waits, and nothing of what cannot be read', async () => {
    const api = await start()
    const metrics = async () => (await api.request('/metrics', { user: null })).text
    await database.script('analyze sync.ledger; analyze sync.change_log')
    const figures = await metrics()
    for (const table of ['ledger', 'change_log']) {
      expect(figures).toMatch(new RegExp(`^table_rows_estimated{table="${table}"} \\d+$`, 'm'))
      expect(figures).toMatch(new RegExp(`^table_size_bytes{table="${table}"} [1-9]\\d+$`, 'm'))
    }
    expect(figures).toMatch(/^change_horizon_lag_seconds 0$/m)
    for (const state of ['pending', 'sending', 'indeterminate', 'unreported']) {
      expect(figures).toContain(`\nsms_backlog{state="${state}"} 0\n`)
      expect(figures).toContain(`\nsms_backlog_oldest_seconds{state="${state}"} 0\n`)
    }
    Object.assign(api.dependencies.database, { query: () => Promise.reject(new DatabaseUnavailableError('The database is away.')) })
    expect(await metrics()).not.toMatch(/^(table|change_horizon|sms_backlog)\S* \d/m)
    await api.stop()
  })

  it('count the SMS that wait, and since when', async () => {
    const api = await startTestApi()
    await api.twilio.setFaults({ mode: 'rate-limited' })
    await api.request('/api/leads/send-sms', { key: aKey(), body: { leadId: 'lead-124', message: 'It waits' } })
    await api.dependencies.database.script("update sync.sms_messages set created_at = created_at - interval '90 seconds'")
    const { text } = await api.request('/metrics', { user: null })
    expect(text).toMatch(/^sms_backlog{state="pending"} 1$/m)
    expect(Number(/^sms_backlog_oldest_seconds{state="pending"} (\S+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(90)
    expect(text).not.toContain('It waits')
    await api.stop()
  })
})

describe('who asks too often', () => {
  it('gets neither readiness nor metrics, only that the process lives', async () => {
    // The minute must not end in the middle of the test.
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now())
    const api = await start({ RATE_LIMIT_ADDRESS_PER_MINUTE: '5' })
    const ask = async (path: string) => (await api.request(path, { user: null })).status
    for (let request = 0; request < 5; request += 1) expect(await ask('/readyz')).toBe(200)
    expect([await ask('/readyz'), await ask('/metrics'), await ask('/healthz')]).toEqual([429, 429, 200])
    clock.mockRestore()
    await api.stop()
  })
})

describe('a page of another origin', () => {
  it.each(['traceparent', 'tracestate', 'baggage', 'sentry-trace', 'x-team-trace', 'idempotency-key', 'mutation-attempt'])(
    'may send %s, and no header that nobody named',
    async (header) => {
      const api = await start({ CORS_ORIGINS: 'https://app.example.com', CORS_ALLOWED_HEADERS: 'X-Team-Trace, X-Team-Id' })
      const asked = `authorization, ${header}`
      const headers = {
        origin: 'https://app.example.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': asked,
      }
      const preflight = await api.request('/api/bookings/confirm', { user: null, method: 'OPTIONS', headers })
      const allowed = (preflight.headers.get('access-control-allow-headers') ?? '').toLowerCase().split(',')
      expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, headers.origin])
      expect(allowed).toEqual(expect.arrayContaining(['authorization', header]))
      expect(allowed).not.toContain('x-other')
      await api.stop()
    },
  )
})

describe('a proxy that nobody told of', () => {
  const warnings = async (env: Record<string, string>, headers: Record<string, string>, production = true) => {
    const api = await start(env)
    const warn = jest.spyOn(api.dependencies.log, 'warn')
    const ask = (url: string) => fetch(`${url}/healthz`, { headers })
    await (production ? inProduction(api, async (url) => [await ask(url), await ask(url)]) : ask(api.url))
    await api.stop()
    return warn.mock.calls.filter(([text]) => /TRUST_PROXY/.test(String(text))).length
  }

  it('is warned of once, in production', async () => {
    expect(await warnings({}, { 'x-forwarded-for': '203.0.113.9' })).toBe(1)
    expect(await warnings({}, { forwarded: 'for=203.0.113.9' })).toBe(1)
    expect(await warnings({}, {})).toBe(0)
    expect(await warnings({ TRUST_PROXY: '1' }, { 'x-forwarded-for': '203.0.113.9' })).toBe(0)
    expect(await warnings({}, { 'x-forwarded-for': '203.0.113.9' }, false)).toBe(0)
  })
})

describe('a deployment of some modules', () => {
  it.each(['none', 'bookings', 'leads', 'leads,sms', 'crm,bookings,leads'])(
    'describes what it answers and nothing else: %s',
    async (MODULES) => {
      const api = await start({ MODULES })
      const { body } = await api.request('/openapi.json', { user: null })
      const whole = await start()
      const everything = (await whole.request('/openapi.json', { user: null })).body
      await whole.stop()
      for (const [pattern, operations] of Object.entries<object>(everything.paths)) {
        const [method = ''] = Object.keys(operations)
        const path = pattern.replace(/\{\w+\}/, 'a-key-of-somebody-else')
        const answer = await api.request(path, { method: method.toUpperCase() })
        const isThere = !String(answer.body?.error).includes('nothing at this address')
        expect([pattern, isThere]).toEqual([pattern, Object.hasOwn(body.paths, pattern)])
      }
      await api.stop()
    },
  )
})

describe('a start that fails half-way', () => {
  it('leaves nothing that listens', async () => {
    const api = await start()
    const [port, metricsPort] = [await freePort(), await freePort()]
    const broken = {
      ...api.dependencies,
      config: { ...api.config, port, metrics: { port: metricsPort, token: null } },
      changeFeed: { ...api.dependencies.changeFeed, start: () => Promise.reject(new Error('no feed')) },
    }
    await expect(startApi(broken)).rejects.toThrow('no feed')
    for (const each of [port, metricsPort]) await expect(fetch(`http://127.0.0.1:${each}/healthz`)).rejects.toThrow('fetch failed')
    await api.stop()
  })
})

describe('stopping', () => {
  it('finishes what is under way, takes nothing new, and lets go of everything', async () => {
    const api = await start({ SHUTDOWN_DELAY_SECONDS: '1' })
    await api.twilio.setFaults({ mode: 'ok', latencyMs: 1_500 })
    const underWay = api.request('/api/leads/send-sms', { key: aKey(), body: { leadId: 'lead-123', message: 'Last one' } })
    await until(() => api.twilio.callCount() === 1)
    const idle = connect(api.api.port, '127.0.0.1')
    await once(idle, 'connect')

    const stopping = api.stop()
    const ready = await api.request('/readyz', { user: null })
    expect([ready.status, ready.body.draining]).toEqual([503, true])
    expect(ready.headers.get('connection')).toBe('close')
    expect((await underWay).status).toBe(200)
    await Promise.all([stopping, once(idle, 'close')])
    await expect(api.request('/healthz', { user: null })).rejects.toThrow()
  })

  it('does not wait for ever for a request that does not end', async () => {
    const api = await start({ SHUTDOWN_DRAIN_SECONDS: '1' })
    await api.twilio.setFaults({ mode: 'ok', latencyMs: 2_500 })
    const cut = api.request('/api/leads/send-sms', { key: aKey(), body: { leadId: 'lead-123', message: 'Too slow' } })
    await until(() => api.twilio.callCount() === 1)
    await Promise.all([api.stop(), expect(cut).rejects.toThrow()])
  })

  it('does not wait for ever for background work of a team’s own, nor fails with it', async () => {
    const api = await start()
    const lines: string[] = []
    const log = pino({}, { write: (line) => void lines.push(line) })
    const { config } = api
    const dependencies = { ...api.dependencies, log, config: { ...config, shutdown: { delayMs: 0, drainMs: 20 } } }
    let began: () => void = () => undefined
    const isTurning = new Promise<void>((resolve) => (began = resolve))
    const endless: Module = {
      name: 'endless',
      tasks: [{ name: 'endless', everyMs: 1, turn: () => new Promise(() => began()) }],
    }
    const background = await startBackground(dependencies, { modules: [endless] })
    await isTurning
    await background.stop()

    const failed: [string, unknown][] = []
    const telemetry = { ...api.dependencies.telemetry, onTaskError: (task: string, error: unknown) => void failed.push([task, error]) }
    const failing = (name: string, drained: () => Promise<void>): Module => ({ name, drained })
    const modules = [
      failing('rejects', () => Promise.reject(new Error('no'))),
      failing('throws', () => {
        throw new Error('no')
      }),
    ]
    await (await startBackground({ ...api.dependencies, telemetry }, { modules })).stop()
    await api.stop()
    expect(lines.join()).toContain('background work did not end in time')
    expect(new Map(failed)).toEqual(
      new Map([
        ['rejects', new Error('no')],
        ['throws', new Error('no')],
      ]),
    )
  })

  it('may be asked for twice', async () => {
    const api = await start()
    await Promise.all([api.api.stop(), api.stop()])
  })
})

describe('a database that is away', () => {
  it('is a 503 that may be retried, with the key echoed and nothing leaked', async () => {
    const api = await start()
    const key = aKey()
    const away = () => Promise.reject(new DatabaseUnavailableError('The database is away.'))
    Object.assign(api.dependencies.database, { query: away, write: away, answers: async () => false })
    const answer = await api.request('/api/bookings/confirm', { key, body: { appointmentId: 'apt-1' } })
    expect([answer.status, answer.body.code, answer.body.retryable]).toEqual([503, 'STORE_UNAVAILABLE', true])
    expect(answer.headers.get('idempotency-key')).toBe(key)
    expect(answer.headers.get('retry-after')).toBe('1')
    expect((await api.request('/readyz', { user: null })).status).toBe(503)
    expect((await api.request('/healthz', { user: null })).status).toBe(200)
    await api.stop()
  })

  it('is one also while the embedded one closes under a request', async () => {
    const api = await startTestApi()
    const { database } = api.dependencies
    const underWay = Promise.allSettled(Array.from({ length: 5 }, () => database.query('select 1')))
    await database.close()
    for (const ended of await underWay) {
      if (ended.status === 'rejected') expect(ended.reason).toBeInstanceOf(DatabaseUnavailableError)
    }
    const answer = await api.request('/api/leads')
    expect([answer.status, answer.body.code]).toEqual([503, 'STORE_UNAVAILABLE'])
    await api.stop()
  })
})

describe('a key set that cannot be fetched', () => {
  it('says nothing about the token: it is a 503', async () => {
    const api = await start({ JWKS_URL: 'http://127.0.0.1:9/jwks.json' })
    const answer = await api.request('/api/session')
    expect([answer.status, answer.body.code, answer.body.retryable]).toEqual([503, 'STORE_UNAVAILABLE', true])
    await api.stop()
  })
})
