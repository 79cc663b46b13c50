import type { Server } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import { createApp } from '../src/createApp.js'
import { openDatabase } from '../src/engine/database/openDatabase.js'
import type { Database } from '../src/index.js'
import { seedDemo } from '../src/index.js'
import { aKey, portOf, serve, startTestApi, type TestApi } from './harness.js'
import { endAll } from './support/endAll.js'
import { until } from './support/until.js'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const CLICK = 'b7ad6b7169203331'
const BAGGAGE = 'customer=anna'
const traced = { traceparent: `00-${TRACE}-${CLICK}-01`, baggage: BAGGAGE }

const exporter = new InMemorySpanExporter()
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
/** What each request to Twilio carried. */
const toTwilio: Record<string, string | string[] | undefined>[] = []
/** How many calls Twilio takes no message of. */
let refusals = 0
let postgres: PostgresServer
let database: Database
let api: TestApi
let twilio: Server

beforeAll(async () => {
  postgres = await startPostgres()
  database = await openDatabase({ databaseUrl: await postgres.createDatabase(), dataDirectory: ':memory:' })
  twilio = await serve((req, res) => {
    toTwilio.push(req.headers)
    if (refusals > 0) {
      refusals -= 1
      return void res
        .writeHead(429, { 'content-type': 'application/json' })
        .end(JSON.stringify({ code: 20429, message: 'Too many requests' }))
    }
    res.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ sid: `SM${toTwilio.length}`, status: 'queued' }))
  })
  api = await startTestApi({ database, env: { TWILIO_API_BASE_URL: `http://127.0.0.1:${portOf(twilio)}` } })
  await seedDemo(database)
  // Statements that run are looked at from within: the database shows the text it is running.
  await database.script(`create table public.seen (query text);
    create function public.note_query() returns trigger language plpgsql as $$ begin insert into public.seen values (current_query()); return null; end $$;
    create trigger note after insert on sync.ledger for each row execute function public.note_query();`)
})

afterAll(() =>
  endAll(
    () => api.stop(),
    () => new Promise((resolve) => twilio.close(resolve)),
    () => postgres.stop(),
  ),
)

const send = (headers: Record<string, string>) =>
  api.request('/api/leads/send-sms', { key: aKey(), headers, body: { leadId: 'lead-123', message: `Traced ${aKey()}` } })
const lastStatement = async () => (await database.query<{ query: string }>('select query from public.seen')).at(-1)?.query ?? ''

describe('without an SDK', () => {
  it('nothing is added to statements, nor to what Twilio gets', async () => {
    expect((await send(traced)).status).toBe(200)
    expect(await lastStatement()).toMatch(/^select to_json\(sync\.run_send_sms\([^/]*\)\)::text as answer$/)
    expect(toTwilio.at(-1)).not.toHaveProperty('traceparent')
  })
})

describe('with an SDK in the process', () => {
  beforeAll(() => {
    trace.setGlobalTracerProvider(provider)
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    propagation.setGlobalPropagator(new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }))
  })

  beforeEach(() => exporter.reset())

  afterAll(() => {
    trace.disable()
    context.disable()
    propagation.disable()
  })

  it('a click is one trace, from the browser through each room to the SQL and to Twilio', async () => {
    expect((await send(traced)).status).toBe(200)
    const spans = exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === TRACE)
    const named = (name: string) => spans.find((span) => span.name === name)
    const request = named('POST /api/leads/send-sms')
    expect(request?.parentSpanContext?.spanId).toBe(CLICK)
    for (const room of ['replay cache', 'turn', 'ledger', 'sms attempt'])
      expect([room, named(room)?.spanContext().traceId]).toEqual([room, TRACE])
    expect(named('ledger')?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId)
    expect(named('sms attempt')?.attributes).toMatchObject({ 'app.attempt': 1, 'app.verdict': 'accepted' })
    expect(await lastStatement()).toMatch(new RegExp(`/\\*traceparent='00-${TRACE}-${named('ledger')?.spanContext().spanId}-01'\\*/$`))
  })

  it('an attempt long after the click is in the trace of the click', async () => {
    refusals = 1
    await send(traced)
    const attempts = () => exporter.getFinishedSpans().filter(({ name }) => name === 'sms attempt')
    await until(() => attempts().length === 2)
    const [first, second] = attempts()
    expect(second?.attributes).toMatchObject({ 'app.attempt': 2, 'app.verdict': 'accepted' })
    expect(second?.spanContext().traceId).toBe(TRACE)
    expect(second?.parentSpanContext?.spanId).toBe(first?.parentSpanContext?.spanId)
  })

  it('Twilio gets the place in the trace, and none of the baggage', async () => {
    await send(traced)
    const attempt = exporter.getFinishedSpans().findLast(({ name }) => name === 'sms attempt')
    expect(toTwilio.at(-1)).toMatchObject({ traceparent: `00-${TRACE}-${attempt?.spanContext().spanId}-01` })
    expect(toTwilio.at(-1)).not.toHaveProperty('baggage')
  })

  it('a refusal is named by its code, and nothing in a span is a key, a number or a text', async () => {
    const key = aKey()
    await api.request('/api/leads/send-sms', { key, headers: traced, body: { leadId: 'no-such-lead', message: 'Nobody reads this' } })
    const request = exporter.getFinishedSpans().find(({ name }) => name.startsWith('POST'))
    expect(request?.attributes).toMatchObject({
      'http.route': '/api/leads/send-sms',
      'http.response.status_code': 404,
      'app.code': 'NOT_FOUND',
      'app.organisation': expect.stringMatching(/^[0-9a-f]{16}$/),
      'app.person': expect.stringMatching(/^[0-9a-f]{16}$/),
    })
    await send(traced)
    const told = JSON.stringify(
      exporter.getFinishedSpans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
    )
    for (const secret of [key, 'Nobody reads', 'Traced', '+1202', 'user-456', 'org-1', 'customer']) expect(told).not.toContain(secret)
  })

  it('a trace that is not sampled leaves no word in the statements', async () => {
    await send({ traceparent: `00-${TRACE}-${CLICK}-00` })
    expect(await lastStatement()).not.toContain('traceparent')
  })

  it.each(["00-zz'*/;drop table x;--", `00-${'0'.repeat(32)}-${CLICK}-01`, `01-${TRACE}-${CLICK}-01-'*/`])(
    'a traceparent that is none (%s) begins a trace of its own',
    async (traceparent) => {
      expect((await send({ traceparent })).status).toBe(200)
      expect(await lastStatement()).toMatch(/\/\*traceparent='00-[0-9a-f]{32}-[0-9a-f]{16}-01'\*\/$/)
    },
  )

  it('where an instrumentation has opened a span already, that one is told, and there is no second', async () => {
    const theirs = trace.getTracer('theirs').startSpan('GET')
    const response = await context.with(trace.setSpan(context.active(), theirs), () => injected('/api/session'))
    expect(response).toBe(401)
    theirs.end()
    const spans = exporter.getFinishedSpans()
    expect(spans.map(({ name }) => name)).toEqual(['GET'])
    expect(spans[0]?.attributes).toMatchObject({ 'app.code': 'UNAUTHENTICATED' })
  })
})

/** A request that an instrumentation of the server has seen first. */
async function injected(path: string): Promise<number> {
  const server = await serve(createApp(api.dependencies))
  const [listener] = server.listeners('request') as ((...args: unknown[]) => void)[]
  server.removeAllListeners('request')
  const active = context.active()
  server.on('request', (...args) => context.with(active, () => listener?.(...args)))
  const { status } = await fetch(`http://127.0.0.1:${portOf(server)}${path}`)
  await new Promise((resolve) => server.close(resolve))
  return status
}
