import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type pg from 'pg'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import type { ActionCall } from '../../src/engine/ledger/ActionCall.js'
import { anActionCall } from '../../src/engine/ledger/testing/anActionCall.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { endAll } from '../support/endAll.js'
import { aStoredAppointment } from './contracts/rows.js'
import { openSession } from './openSession.js'

let server: PostgresServer
let session: pg.Client
let confirm: () => Promise<ActionCall>

beforeAll(async () => {
  server = await startPostgres()
  const databaseUrl = await server.createDatabase()
  const database = await openDatabase({ databaseUrl, dataDirectory: ':memory:' })
  await prepareDatabase(database)
  const appointments = await Promise.all(Array.from({ length: 20 }, () => aStoredAppointment(database)))
  await database.close()
  session = await openSession(databaseUrl)
  confirm = async () => {
    const call = anActionCall({ appointmentId: appointments.pop() ?? '' })
    await session.query(`select sync.run_confirm_booking($1, $2, $3, $4, $5, $6, 0, null, 60000, null, null)`, [
      ...keyed(call),
      call.actionName,
      call.fingerprint,
      JSON.stringify(call.request),
    ])
    return call
  }
})

afterAll(() =>
  endAll(
    () => session.end(),
    () => server.stop(),
  ),
)

const keyed = ({ caller, key }: ActionCall) => [caller.tenant, caller.actor, key]

/** Rows of the ledger that `work` read by going through all of it. */
async function rowsScanned(work: () => Promise<unknown>): Promise<number> {
  await session.query('begin')
  const before = await scannedSoFar()
  await work()
  const after = await scannedSoFar()
  await session.query('commit')
  return after - before
}

async function scannedSoFar(): Promise<number> {
  const { rows } = await session.query(`select pg_stat_get_xact_tuples_returned('sync.ledger'::regclass)::int as scanned`)
  return rows[0].scanned
}

test('goes to the ledger by the key, though the session planned its statements when the ledger was empty', async () => {
  // An empty table that was analyzed is cheapest read whole, and more than five runs make the plan stay.
  await session.query('vacuum analyze sync.ledger')
  const ask = async (call: ActionCall) => {
    await session.query('select sync.find_answer($1, $2, $3, $4)', [...keyed(call), call.fingerprint])
    await session.query('select sync.look_up_mutation($1, $2, $3)', keyed(call))
    await session.query('select sync.resolve_mutation($1, $2, $3, 0, null)', keyed(call))
  }
  for (let run = 0; run < 8; run += 1) await ask(anActionCall({}))
  await session.query('delete from sync.ledger')
  await session.query('vacuum analyze sync.ledger')
  for (let run = 0; run < 8; run += 1) await confirm()

  const known = await confirm()
  expect(await rowsScanned(confirm)).toBe(0)
  expect(await rowsScanned(() => ask(known))).toBe(0)
})

test('lets no server compile what it plans without scans, which looks costly to Postgres before 18 and runs on each click', async () => {
  const { rows } = await session.query<{ name: string; compiled: boolean }>(
    `select proname as name, not 'jit=off' = any (proconfig) as compiled from pg_proc
     where pronamespace = 'sync'::regnamespace and 'enable_seqscan=off' = any (proconfig)`,
  )
  expect(rows.map(({ name }) => name)).toContain('open_call')
  expect(rows.filter(({ compiled }) => compiled)).toEqual([])
})
