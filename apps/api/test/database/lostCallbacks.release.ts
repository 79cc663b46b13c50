import { afterAll, beforeAll, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { losesCallbacks } from './losesCallbacks.js'
import { SmsWorld } from './SmsWorld.js'

let server: PostgresServer
let database: Database
let world: SmsWorld

beforeAll(async () => {
  server = await startPostgres()
  database = await openDatabase({ databaseUrl: await server.createDatabase(), dataDirectory: ':memory:', poolSize: 20 })
  await prepareDatabase(database)
  world = await SmsWorld.open(database)
})

afterAll(async () => {
  await world.close()
  await database.close()
  await server.stop()
})

test('26 of 1,000 SMS whose callbacks get lost reach their final state within minutes all the same', async () => {
  await losesCallbacks(world, { lost: 26, all: 1_000 })
}, 240_000)
