import { afterAll, beforeAll, describe } from '@jest/globals'
import { startPostgres } from '@org/tooling/postgres'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { openTestDatabase } from '../../src/engine/migrations/testing/openTestDatabase.js'
import { endAll } from '../support/endAll.js'
import { actionsContract } from './contracts/actionsContract.js'
import { mappedContract } from './contracts/mappedContract.js'
import { teamTables } from './contracts/teamTables.js'

type Ends = (() => unknown)[]

async function onPostgres(ends: Ends): Promise<Database> {
  const server = await startPostgres()
  ends.unshift(() => server.stop())
  return openDatabase({ databaseUrl: await server.createDatabase(), dataDirectory: ':memory:' })
}

describe.each([
  ['PGlite', () => openTestDatabase()],
  ['Postgres', onPostgres],
])('tables of a team’s own, on %s', (_name, open) => {
  const ends: Ends = []
  let database: Database

  beforeAll(async () => {
    database = await open(ends)
    ends.unshift(() => database.close())
    await prepareDatabase(database)
    await teamTables.prepare(database)
  })

  afterAll(() => endAll(...ends))

  actionsContract(() => database, teamTables)
  mappedContract(() => database)
})
