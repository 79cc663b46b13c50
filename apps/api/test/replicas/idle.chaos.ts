import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Cluster, startCluster } from './Cluster.js'
import { aClick, addRows, attempt } from './click.js'
import { report } from './report.js'

const OBSERVED_MS = 20_000
const CLICKS = 400

let cluster: Cluster

beforeAll(async () => {
  cluster = await startCluster({ size: 3 })
}, 120_000)

afterAll(() => cluster.stop())

async function transactions(): Promise<number> {
  const { rows } = await cluster.sql.query(
    'select xact_commit + xact_rollback as count from pg_stat_database where datname = current_database()',
  )
  return Number(rows[0].count)
}

test('three replicas without a request make at most three transactions a second in all', async () => {
  // The pace slows down within some turns.
  await wait(20_000)
  const before = await transactions()
  await wait(OBSERVED_MS)
  const perSecond = ((await transactions()) - before) / (OBSERVED_MS / 1_000)
  await report('idle', { transactionsPerSecond: perSecond })
  expect(perSecond).toBeLessThanOrEqual(3)
  expect(perSecond).toBeGreaterThan(0)
}, 120_000)

test('a click makes at most 1.3 transactions, whatever turns beside it', async () => {
  const { appointments } = await addRows(cluster, 'transactions', CLICKS)
  // A backend tells its figures a second late.
  await wait(2_000)
  const before = await transactions()
  for (const [index, appointmentId] of appointments.entries()) {
    const answer = await attempt(cluster, aClick('/api/bookings/confirm', { appointmentId }), index % cluster.members.length)
    expect(answer?.status).toBe(200)
  }
  // What a backend did last it tells once it has been idle for ten seconds.
  await wait(11_000)
  const perClick = ((await transactions()) - before) / CLICKS
  await report('idle', { transactionsPerClick: perClick })
  expect(perClick).toBeLessThanOrEqual(1.3)
  expect(perClick).toBeGreaterThanOrEqual(1)
}, 120_000)
