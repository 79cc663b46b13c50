import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Cluster, startCluster } from './Cluster.js'
import { report } from './report.js'

/** How long each calm stretch lasts; there is one before and one after the trouble. */
const CALM_MS = 10_000
const LOCKED_MS = 30_000
const BULKS_MS = 20_000
/** Whose clicks are measured: so many at a time, one after the other each. */
const OTHERS = 3
const REPLICAS = 3
/** A client that was refused comes again; this one is less patient than ours. */
const AGAIN_MS = 50

let cluster: Cluster
let eve: string
let member = 0
let unready = 0

beforeAll(async () => {
  cluster = await startCluster({ size: REPLICAS })
  eve = await cluster.tokenOf('eve')
  await addLeads('org-1', 'crowd', 1)
  for (let bulk = 0; bulk < 30; bulk += 1) await addLeads('org-1', `bulk-${bulk}`, 1_000)
  await addLeads('org-1', 'calm', 500)
  await addLeads('org-2', 'calm-eve', 500)
  await cluster.sql.query('analyze')
}, 120_000)

afterAll(() => cluster.stop(), 60_000)

async function addLeads(organisation: string, prefix: string, count: number): Promise<void> {
  await cluster.sql.query(
    `insert into public.leads (id, org_id, name, phone, status)
     select $2 || '-' || n, $1, 'Lead', '+12025550100', 'new' from generate_series(0, $3::int - 1) as n`,
    [organisation, prefix, count],
  )
}

async function post(path: string, body: unknown, token: string): Promise<{ status: number; ms: number }> {
  const { replica } = cluster.members[member++ % REPLICAS] ?? {}
  const startedAt = performance.now()
  const response = await fetch(`${replica?.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify(body),
  })
  await response.arrayBuffer()
  return { status: response.status, ms: performance.now() - startedAt }
}

/** Does `work` again and again, `atOnce` at a time, until told to stop; resolves when the last one is back. */
function keepDoing(atOnce: number, work: (index: number) => Promise<void>): () => Promise<void> {
  let goesOn = true
  const workers = Array.from({ length: atOnce }, async (_, index) => {
    while (goesOn) await work(index)
  })
  return async () => {
    goesOn = false
    await Promise.all(workers)
  }
}

const statuses = ['qualified', 'contacted']
let turn = 0

/** What clicks on rows that nobody else is at take while `forMs` passes. Milliseconds, shortest first. */
async function clicksOfOthers(forMs: number, prefix: string, token: string): Promise<number[]> {
  const times: number[] = []
  const refused: number[] = []
  const stop = keepDoing(OTHERS, async () => {
    turn += 1
    const status = statuses[Math.floor(turn / 500) % 2]
    const answer = await post('/api/leads/update-status', { leadId: `${prefix}-${turn % 500}`, status }, token)
    if (answer.status === 200) times.push(answer.ms)
    else refused.push(answer.status)
    await wait(10)
  })
  const stopAsking = keepDoing(1, async () => {
    const ready = await Promise.all(cluster.members.map(({ replica }) => fetch(`${replica.url}/readyz`).then(({ status }) => status)))
    unready += ready.filter((status) => status !== 200).length
    await wait(250)
  })
  await wait(forMs)
  await Promise.all([stop(), stopAsking()])
  expect(refused).toEqual([])
  return times.sort((a, b) => a - b)
}

const p95 = (times: readonly number[]) => times[Math.floor(times.length * 0.95)] ?? Number.POSITIVE_INFINITY

const middle = (times: readonly number[]) => times[times.length >> 1]

/** The same clicks before, during and after the trouble, so that both sides of the ratio are of one run. */
async function compare(
  trouble: { begin: () => Promise<() => Promise<void>>; forMs: number },
  { prefix, token }: { prefix: string; token: string },
): Promise<{ ratio: number; clicks: number }> {
  unready = 0
  await clicksOfOthers(3_000, prefix, token)
  const before = await clicksOfOthers(CALM_MS, prefix, token)
  const end = await trouble.begin()
  const during = await clicksOfOthers(trouble.forMs, prefix, token)
  await end()
  const after = await clicksOfOthers(CALM_MS, prefix, token)
  const calm = p95([...before, ...after].sort((a, b) => a - b))
  const figures = {
    calm: { p50: middle([...before, ...after].sort((a, b) => a - b)), p95: calm },
    troubled: { p50: middle(during), p95: p95(during) },
    ratio: p95(during) / calm,
    clicks: during.length,
  }
  await report('fairness', { test: expect.getState().currentTestName, ...figures })
  return figures
}

test('sixty clickers on a row that somebody holds for half a minute keep others at most five times as long', async () => {
  const begin = async () => {
    const holder = await cluster.sql.connect()
    await holder.query('begin')
    await holder.query("select from public.leads where id = 'crowd-0' for update")
    const stop = keepDoing(60, async () => {
      const { status } = await post('/api/leads/update-status', { leadId: 'crowd-0', status: 'qualified' }, cluster.token)
      expect([200, 409, 503]).toContain(status)
      await wait(AGAIN_MS)
    })
    return async () => {
      await holder.query('rollback')
      holder.release()
      await stop()
    }
  }
  const { ratio, clicks } = await compare({ begin, forMs: LOCKED_MS }, { prefix: 'calm', token: cluster.token })
  expect(clicks).toBeGreaterThan(100)
  expect(unready).toBe(0)
  expect(ratio).toBeLessThanOrEqual(5)
}, 180_000)

/** Keeps thirty bulks of a thousand under way and tells the status of each answer; comes again when it was told to, as clients do. */
const BULKS = `
  const { parentPort, workerData: { urls, token } } = require('node:worker_threads')
  const { setTimeout: wait } = require('node:timers/promises')
  let turn = 0
  for (let bulk = 0; bulk < 30; bulk += 1) void (async () => {
    const leadIds = Array.from({ length: 1_000 }, (_, lead) => 'bulk-' + bulk + '-' + lead)
    for (;;) {
      turn += 1
      const response = await fetch(urls[turn % urls.length] + '/api/leads/update-status', {
        method: 'POST',
        headers: { authorization: 'Bearer ' + token, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
        body: JSON.stringify({ leadIds, status: turn % 2 ? 'qualified' : 'contacted' }),
      })
      await response.arrayBuffer()
      parentPort.postMessage(response.status)
      await wait(Number(response.headers.get('retry-after') ?? 0) * 1_000 || ${AGAIN_MS})
    }
  })()`

/** What the replicas' processes used so far. */
async function cpuSeconds(): Promise<number> {
  const used = await Promise.all(
    cluster.members.map(async ({ replica }) => {
      const text = await (await fetch(`${replica.url}/metrics`)).text()
      return Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1])
    }),
  )
  return used.reduce((sum, one) => sum + one, 0)
}

test('thirty bulks of a thousand under way keep another organisation at most three times as long', async () => {
  const answers: Record<string, number> = {}
  const begin = async () => {
    // On a thread of its own: reading these answers must not keep the clock of the others waiting.
    const worker = new Worker(BULKS, {
      eval: true,
      workerData: { urls: cluster.members.map(({ replica }) => replica.url), token: cluster.token },
    })
    worker.on('message', (status: number) => {
      answers[status] = (answers[status] ?? 0) + 1
    })
    const before = await cpuSeconds()
    return async () => {
      const used = (await cpuSeconds()) - before
      await worker.terminate()
      await report('fairness', { bulks: answers, cpuSecondsOfReplicas: used })
    }
  }
  const { ratio, clicks } = await compare({ begin, forMs: BULKS_MS }, { prefix: 'calm-eve', token: eve })
  expect(answers[200]).toBeGreaterThan(5)
  expect(clicks).toBeGreaterThan(100)
  expect(unready).toBe(0)
  expect(ratio).toBeLessThanOrEqual(3)
}, 180_000)
