import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { builtApi } from '../replicas/builtApi.js'
import { endAll } from '../support/endAll.js'
import { startTestRedis, type TestRedis } from '../support/startTestRedis.js'
import { until } from '../support/until.js'

interface Answer {
  status: number
  text: string
  code: string | undefined
}

interface ShopServer {
  url: string
  child: ChildProcess
}

let redis: TestRedis
/** Two that live through all tests. */
let one: ShopServer
let two: ShopServer
let runs = 0
let keys = 0

beforeAll(async () => {
  await builtApi()
  redis = await startTestRedis()
  ;[one, two] = await Promise.all([started(), started()])
}, 120_000)

afterEach(async () => {
  redis.thaw()
  await redis.command('CONFIG', 'SET', 'maxmemory', '0')
  runs = 0
})

afterAll(() =>
  endAll(
    () => Promise.all([one, two].map(kill)),
    () => redis.stop(),
  ),
)

async function kill({ child }: ShopServer): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

async function started(): Promise<ShopServer> {
  const options = JSON.stringify({ leaseMs: 600, waitMs: 4_000 })
  const child = fork(fileURLToPath(new URL('shopServer.mjs', import.meta.url)), [redis.url, options], { execArgv: [] })
  child.on('message', (message: { ran?: number }) => {
    if (message.ran !== undefined) runs += 1
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message: { url: string }) => resolve(message.url))
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it listened`)))
  })
  return { child, url }
}

function newKey(): string {
  keys += 1
  return `processes-test-key-${keys}`
}

async function post(
  { url }: ShopServer,
  key: string,
  { body = {}, takesMs = 0 }: { body?: object; takesMs?: number } = {},
): Promise<Answer> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key, 'takes-ms': String(takesMs) }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  const text = await answer.text()
  return { status: answer.status, text, code: (JSON.parse(text) as { code?: string }).code }
}

describe('two processes that share a Redis', () => {
  it('run a handler of 3 s once for 40 duplicates, and all get its answer', async () => {
    const key = newKey()
    const answers = await Promise.all(Array.from({ length: 40 }, (_, index) => post(index % 2 === 0 ? one : two, key, { takesMs: 3_000 })))
    expect(runs).toBe(1)
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers[0]?.status).toBe(201)
  })

  it('run a handler once that takes longer than a duplicate may wait, and than its lease', async () => {
    const key = newKey()
    const first = post(one, key, { takesMs: 6_000 })
    await until(() => runs === 1)
    const duplicates = await Promise.all([post(one, key), post(two, key), post(two, key, { body: { other: 1 } })])
    expect(duplicates.map(({ status, code }) => [status, code])).toEqual([
      [409, 'IDEMPOTENCY_IN_PROGRESS'],
      [409, 'IDEMPOTENCY_IN_PROGRESS'],
      [422, 'IDEMPOTENCY_KEY_REUSED'],
    ])
    const { status, text } = await first
    expect(await post(two, key)).toMatchObject({ status, text })
    expect(runs).toBe(1)
  })

  it('begin nothing again that a killed process was at work on: in progress for its lease, then unknown', async () => {
    const dying = await started()
    const key = newKey()
    const first = post(dying, key, { takesMs: 60_000 }).catch(() => null)
    await until(() => runs === 1)
    await kill(dying)
    await first
    const answer = await post(two, key)
    expect([answer.status, answer.code]).toEqual([409, 'OUTCOME_UNKNOWN'])
    expect(runs).toBe(1)
  })
})

describe('one process whose Redis', () => {
  it('is away refuses with 503 and runs nothing; back again it runs the same key once', async () => {
    const key = newKey()
    redis.freeze()
    const refused = [await post(one, key), await post(one, key), await post(one, newKey())]
    expect(refused.map(({ status, code }) => [status, code])).toEqual(Array(3).fill([503, 'STORE_UNAVAILABLE']))
    expect(runs).toBe(0)
    redis.thaw()
    // The claim that timed out may have arrived all the same; it is given back within seconds.
    await until(async () => (await post(one, key)).status === 201, 20_000)
    expect((await post(two, key)).status).toBe(201)
    expect(runs).toBe(1)
  })

  it('goes away while the handler works sends its answer, repeats it, and keeps it once Redis is back', async () => {
    const key = newKey()
    const first = post(one, key, { takesMs: 400 })
    await until(() => runs === 1)
    redis.freeze()
    const { status, text } = await first
    expect(status).toBe(201)
    expect(await post(one, key)).toMatchObject({ status, text })
    redis.thaw()
    await until(async () => (await post(two, key)).status === 201, 20_000)
    expect((await post(two, key)).text).toBe(text)
    expect(runs).toBe(1)
  })

  it('lost everything while the handler works gets its claim and answer back', async () => {
    const key = newKey()
    const first = post(one, key, { takesMs: 1_500 })
    await until(() => runs === 1)
    await redis.command('FLUSHALL')
    await until(async () => (await redis.command('DBSIZE')) === 1)
    const { text } = await first
    expect(await post(two, key)).toMatchObject({ status: 201, text })
    expect(runs).toBe(1)
  })

  it('is full takes no key, and what it holds is replayed once it has room again', async () => {
    const key = newKey()
    await post(one, key)
    await redis.command('CONFIG', 'SET', 'maxmemory', '1')
    expect([(await post(one, newKey())).status, (await post(one, key)).status]).toEqual([503, 503])
    await redis.command('CONFIG', 'SET', 'maxmemory', '0')
    expect((await post(one, key)).status).toBe(201)
    expect(runs).toBe(1)
  })
})
