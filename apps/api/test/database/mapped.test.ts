import { afterAll, beforeAll, describe } from '@jest/globals'
import { startPostgres } from '@org/tooling/postgres'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { openTestDatabase } from '../../src/engine/migrations/testing/openTestDatabase.js'
import { actionsContract } from './contracts/actionsContract.js'
import { mappedContract } from './contracts/mappedContract.js'
import { teamTables } from './contracts/teamTables.js'

interface Opened {
  database: Database
  stop: () => Promise<void>
}

async function onPostgres(): Promise<Opened> {
  const server = await startPostgres()
  const database = await openDatabase({ databaseUrl: await server.createDatabase(), dataDirectory: ':memory:' })
  await prepareDatabase(database)
  return { database, stop: () => server.stop() }
}

async function onPGlite(): Promise<Opened> {
  return { database: await openTestDatabase(), stop: async () => undefined }
}

describe.each([
  ['PGlite', onPGlite],
  ['Postgres', onPostgres],
])('tables of a team’s own, on %s', (_name, open) => {
  let opened: Opened

  beforeAll(async () => {
    opened = await open()
    await teamTables.prepare(opened.database)
  })

  afterAll(async () => {
    await opened.database.close()
    await opened.stop()
  })

  actionsContract(() => opened.database, teamTables)
  mappedContract(() => opened.database)
})
