import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type pg from 'pg'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { seedDemo } from '../../src/index.js'
import { aKey, startTestApi, type TestApi } from '../harness.js'
import { endAll } from '../support/endAll.js'
import { openSession, sessionsWaiting, untilWaiting } from './openSession.js'

let server: PostgresServer
let api: TestApi
let someone: pg.Client
let onlooker: pg.Client

beforeAll(async () => {
  server = await startPostgres()
  const url = await server.createDatabase()
  api = await startTestApi({ database: await openDatabase({ databaseUrl: url, dataDirectory: ':memory:' }) })
  await seedDemo(api.dependencies.database)
  someone = await openSession(url)
  onlooker = await openSession(url)
})

afterAll(() =>
  endAll(
    () => someone.end(),
    () => onlooker.end(),
    () => api.stop(),
    () => server.stop(),
  ),
)

const setStatus = (leadId: string, status: string) => api.request('/api/leads/update-status', { key: aKey(), body: { leadId, status } })

it('thirty clicks on a row that somebody holds keep nobody else waiting, and the replica stays ready', async () => {
  await someone.query('begin')
  await someone.query("select 1 from public.leads where id = 'lead-1' for update")
  const crowd = Array.from({ length: 30 }, () => setStatus('lead-1', 'qualified'))
  await untilWaiting(onlooker)
  const other = await setStatus('lead-2', 'qualified')
  const ready = await api.request('/readyz', { user: null })
  expect([other.status, ready.body.ready]).toEqual([200, true])
  // One of the crowd waits on a connection; the others wait for that one, and hold none.
  expect(await sessionsWaiting(onlooker)).toBeLessThanOrEqual(1)

  const codes = new Set((await Promise.all(crowd)).map(({ status, body }) => `${status} ${body.code}`))
  expect([...codes]).toEqual(['503 ROW_BUSY'])
  await someone.query('rollback')
  expect((await setStatus('lead-1', 'qualified')).status).toBe(200)
})

it('a replica with every connection taken is loaded, not ill', async () => {
  // More sleepers than there are connections.
  const sleepers = Array.from({ length: 12 }, () => api.dependencies.database.query('select pg_sleep(1)'))
  const ready = await api.request('/readyz', { user: null })
  expect([ready.status, ready.body.database]).toEqual([200, true])
  await Promise.all(sleepers)
})
