import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it } from '@jest/globals'
import { type AnyAction, bookingConfirm, HEADERS } from '@org/contracts'
import express from 'express'
import { MemoryStore } from 'express-rate-limit'
import request from 'supertest'
import { FairShare } from '../fairness/FairShare.js'
import { errorAnswer } from '../http/errorAnswer.js'
import { Refusal } from '../http/Refusal.js'
import { ownReplies } from '../http/Reply.js'
import { setSession } from '../identity/session.js'
import type { ActionAnswer } from '../ledger/ActionCall.js'
import { anActionAnswer } from '../ledger/testing/anActionAnswer.js'
import { ActionQuota } from '../limits/ActionQuota.js'
import { AnswerOnce } from '../replay/AnswerOnce.js'
import { memoryReplayCache } from '../replay/memoryReplayCache.js'
import { actionRoute } from './ActionRoute.js'
import { actionsRouter } from './actions.js'

const LIMIT_MS = 30
const KEY = 'a-key-of-twenty-chars-or-more'
const recorded = anActionAnswer()

const failure = new Error('of the work')
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A run that ends when the test does. */
const never = () => new Promise<ActionAnswer>((resolve) => ends.push(() => resolve(recorded)))

interface Parts {
  run: Parameters<typeof actionRoute>[1]
  findAnswer?: () => Promise<ActionAnswer | null>
  quota?: ActionQuota | null
  onLate?: (error?: unknown) => void
  cache?: ReturnType<typeof memoryReplayCache>
  onInternalError?: (error: unknown) => void
}

function anApp({
  quota = null,
  onLate,
  run,
  findAnswer = async () => null,
  cache = memoryReplayCache({ windowMs: 60_000 }),
  onInternalError = () => undefined,
}: Parts) {
  let late = 0
  const app = express()
  app.use(ownReplies(() => (late += 1)))
  app.use((_req, res, next) => {
    setSession(res, { kind: 'user', actor: 'user-456', tenant: 'org-1' })
    next()
  })
  app.use(
    actionsRouter({
      routes: [actionRoute(bookingConfirm as AnyAction, run)],
      origins: { publicUrl: null, corsOrigins: [] },
      once: new AnswerOnce({ cache }),
      fairShare: new FairShare({ connections: 10 }),
      findAnswer,
      quotaOf: () => quota,
      ...(onLate && { onLate }),
      limitMs: LIMIT_MS,
    }),
  )
  app.use(errorAnswer({ onInternalError }))
  return { app, late: () => late }
}

const confirm = (app: express.Express) =>
  request(app).post(bookingConfirm.path).set(HEADERS.idempotencyKey, KEY).send({ appointmentId: 'apt-123' })

describe('an action whose error bears a status', () => {
  it.each([
    { status: 400 },
    { status: 404, expose: true },
    { status: 429 },
    { status: 413, type: 'entity.too.large' },
    { code: 'Z_DATA_ERROR' },
  ])('(%j) is our fault, and may be tried again: what it asked says nothing about the click', async (fields) => {
    const { app } = anApp({ run: () => Promise.reject(Object.assign(new Error('of something it asked'), fields)) })
    const answer = await confirm(app)
    expect([answer.status, answer.body]).toMatchObject([500, { code: 'INTERNAL', retryable: true }])
  })
})

describe('an action that gives no answer', () => {
  it.each<[string, unknown, () => ActionQuota | null]>([
    ['undefined', undefined, () => null],
    ['null', null, () => null],
    ['string', 'done', () => null],
    ['undefined', undefined, () => new ActionQuota({ perMinute: 5, store: new MemoryStore() })],
  ])('(%s) is told as that, in the log by what it gave, and not as one that takes too long', async (_what, given, quotaOf) => {
    const errors: unknown[] = []
    const late: unknown[] = []
    const { app } = anApp({
      run: () => Promise.resolve(given as ActionAnswer),
      quota: quotaOf(),
      onInternalError: (error) => errors.push(error),
      onLate: (error) => late.push(error),
    })
    const answer = await confirm(app)
    expect([answer.status, answer.body.code]).toEqual([500, 'INTERNAL'])
    expect(String(errors)).toContain(`The run of booking.confirm gave ${given === null ? 'null' : typeof given}`)
    expect(late).toEqual([])
  })
})

describe('an action that takes too long', () => {
  it('is told as that, whole, and what it comes to later changes nothing', async () => {
    const { app, late } = anApp({ run: never })
    const answer = await confirm(app)
    expect([answer.status, answer.body.code, answer.headers['idempotency-outcome']]).toEqual([503, 'STORE_UNAVAILABLE', undefined])
    for (const end of ends.splice(0)) end()
    await new Promise((resolve) => setImmediate(resolve))
    expect(late()).toBe(0)
  })

  it('is answered by the ledger when that knows the key already', async () => {
    const { app } = anApp({ run: never, findAnswer: async () => ({ ...recorded, replayed: true }) })
    const answer = await confirm(app)
    expect([answer.status, answer.text, answer.headers['idempotent-replayed']]).toEqual([200, recorded.body, 'true'])
  })

  it('is told as that when the ledger cannot be asked either', async () => {
    const { app } = anApp({ run: never, findAnswer: () => Promise.reject(new Error('away')) })
    expect((await confirm(app)).status).toBe(503)
  })
})

describe('what ends after its time-out was answered', () => {
  it.each<[string, () => Promise<ActionAnswer>, unknown]>([
    ['is told of', () => new Promise((resolve) => ends.push(() => resolve(recorded))), undefined],
    ['is told of with its error', () => new Promise((_, reject) => ends.push(() => reject(failure))), failure],
  ])('%s', async (_what, run, error) => {
    const late: unknown[] = []
    const { app } = anApp({ run, onLate: (...told) => late.push(told[0]) })
    expect((await confirm(app)).status).toBe(503)
    expect(late).toEqual([])
    for (const end of ends.splice(0)) end()
    await new Promise((resolve) => setImmediate(resolve))
    expect(late).toStrictEqual([error])
  })
})

describe('a quota', () => {
  it('is given back for what was refused before anything was begun', async () => {
    const quota = new ActionQuota({ perMinute: 1, store: new MemoryStore() })
    const answers = [() => Promise.reject(new Refusal('OVERLOADED', { retryAfterMs: 1_000 })), async () => recorded]
    const refusals: unknown[] = []
    const run: Parts['run'] = (_call, { refusal }) => {
      refusals.push(refusal)
      return (answers.shift() as () => Promise<ActionAnswer>)()
    }
    const { app } = anApp({ run, quota })
    expect((await confirm(app)).body.code).toBe('OVERLOADED')
    expect((await confirm(app)).status).toBe(200)
    expect(refusals).toEqual([null, null])
  })
})

describe('a body that arrives slowly', () => {
  it('has all the time it needs: the limit begins when it is there', async () => {
    const { app } = anApp({ run: async () => recorded })
    const server = app.listen(0, '127.0.0.1')
    ends.push(() => server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const body = JSON.stringify({ appointmentId: 'apt-123' })
    const headers = { 'content-type': 'application/json', 'content-length': body.length, [HEADERS.idempotencyKey]: KEY }
    const sending = httpRequest({ port, host: '127.0.0.1', method: 'POST', path: bookingConfirm.path, headers })
    sending.write(body.slice(0, 5))
    await setTimeout(LIMIT_MS * 3)
    sending.end(body.slice(5))
    const [answer] = (await once(sending, 'response')) as [IncomingMessage]
    answer.resume()
    expect(answer.statusCode).toBe(200)
  })
})

describe('an action that ends while its copy is being kept', () => {
  it('is answered without waiting for that', async () => {
    const { app } = anApp({ run: async () => recorded, cache: { look: async () => null, put: () => new Promise(() => undefined) } })
    const answer = await confirm(app)
    expect([answer.status, answer.text, answer.headers['idempotency-outcome']]).toEqual([200, recorded.body, 'recorded'])
  })
})

describe('a replay', () => {
  it('has the headers of the first answer', async () => {
    const { app } = anApp({ run: async () => recorded })
    const [first, again] = [await confirm(app), await confirm(app)]
    const shared = (headers: Record<string, string>) => [headers['content-type'], headers['cache-control'], headers['idempotency-outcome']]
    expect(shared(again.headers)).toEqual(shared(first.headers))
    expect(shared(again.headers)).toEqual(['application/json; charset=utf-8', 'no-store', 'recorded'])
    expect([again.text, again.headers['idempotent-replayed']]).toEqual([first.text, 'true'])
  })
})
