import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type { Database } from '../../src/engine/database/Database.js'
import { DatabaseUnavailableError } from '../../src/engine/database/DatabaseError.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import type { ActionAnswer, ActionCall } from '../../src/engine/ledger/ActionCall.js'
import { anActionCall } from '../../src/engine/ledger/testing/anActionCall.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { confirmBooking } from '../../src/modules/bookings/confirmBooking.js'
import { endAll } from '../support/endAll.js'
import { aStoredAppointment } from './contracts/rows.js'

const CLICKS = 400
const RETRY_MS = 20

let server: PostgresServer
let database: Database

beforeAll(async () => {
  server = await startPostgres(['-c', 'fsync=on'])
  database = await openDatabase({ databaseUrl: await server.createDatabase(), dataDirectory: ':memory:' })
  await prepareDatabase(database)
})

afterAll(() =>
  endAll(
    () => database.close(),
    () => server.stop(),
  ),
)

/** Sends a click again with its key until there is an answer, as the client's queue does. */
async function untilAnswered(call: ActionCall<{ appointmentId: string }>): Promise<{ answer: ActionAnswer; failures: number }> {
  for (let failures = 0; ; failures += 1) {
    try {
      return { answer: await confirmBooking(database, call), failures }
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error
      await wait(RETRY_MS)
    }
  }
}

test('every click takes effect exactly once while Postgres is restarted under load', async () => {
  const ids: string[] = []
  for (let n = 0; n < CLICKS; n += 1) ids.push(await aStoredAppointment(database))
  let answered = 0
  let halted: Promise<void> | undefined
  const work = ids.map(async (appointmentId) => {
    const result = await untilAnswered(anActionCall({ appointmentId }))
    answered += 1
    if (answered === CLICKS / 4) halted = server.halt().then(() => server.start())
    return result
  })
  const results = await Promise.all(work)
  await halted

  expect(results.map(({ answer }) => answer.status)).toEqual(results.map(() => 200))
  expect(results.some(({ failures }) => failures > 0)).toBe(true)
  const rows = await database.query(`select sync_version::int as version, count(*)::int as rows from public.appointments group by 1`)
  expect(rows).toEqual([{ version: 2, rows: CLICKS }])
}, 60_000)
