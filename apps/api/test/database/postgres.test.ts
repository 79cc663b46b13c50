import { afterAll, beforeAll } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { endAll } from '../support/endAll.js'
import { actionsContract } from './contracts/actionsContract.js'
import { changesContract } from './contracts/changesContract.js'
import { databaseContract } from './contracts/databaseContract.js'
import { defineActionContract } from './contracts/defineActionContract.js'
import { effectsContract } from './contracts/effectsContract.js'
import { ledgerContract } from './contracts/ledgerContract.js'
import { smsClicksContract } from './contracts/smsClicksContract.js'
import { smsLookUpContract } from './contracts/smsLookUpContract.js'
import { smsOutcomeContract } from './contracts/smsOutcomeContract.js'
import { smsSendingContract } from './contracts/smsSendingContract.js'
import { smsWithdrawalContract } from './contracts/smsWithdrawalContract.js'

let server: PostgresServer
let database: Database

beforeAll(async () => {
  server = await startPostgres()
  database = await open()
})

afterAll(() =>
  endAll(
    () => database.close(),
    () => server.stop(),
  ),
)

async function open(): Promise<Database> {
  const opened = await openDatabase({ databaseUrl: await server.createDatabase(), dataDirectory: ':memory:' })
  await prepareDatabase(opened)
  return opened
}

for (const contract of [
  ledgerContract,
  actionsContract,
  effectsContract,
  defineActionContract,
  smsSendingContract,
  smsClicksContract,
  smsWithdrawalContract,
  smsOutcomeContract,
  smsLookUpContract,
  changesContract,
])
  contract(() => database)
databaseContract(open)
