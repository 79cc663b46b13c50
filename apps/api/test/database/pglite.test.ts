import { afterAll, beforeAll } from '@jest/globals'
import type { Database, OpenTransaction } from '../../src/engine/database/Database.js'
import { openTestDatabase } from '../../src/engine/migrations/testing/openTestDatabase.js'
import { actionsContract } from './contracts/actionsContract.js'
import { changesContract } from './contracts/changesContract.js'
import { databaseContract } from './contracts/databaseContract.js'
import { defineActionContract } from './contracts/defineActionContract.js'
import { effectsContract } from './contracts/effectsContract.js'
import { inLedgerContract } from './contracts/inLedgerContract.js'
import { ledgerContract } from './contracts/ledgerContract.js'
import { smsClicksContract } from './contracts/smsClicksContract.js'
import { smsLookUpContract } from './contracts/smsLookUpContract.js'
import { smsOutcomeContract } from './contracts/smsOutcomeContract.js'
import { smsSendingContract } from './contracts/smsSendingContract.js'
import { smsWithdrawalContract } from './contracts/smsWithdrawalContract.js'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
})

afterAll(() => database.close())

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
databaseContract(openTestDatabase)
inLedgerContract<OpenTransaction>('the embedded database', () => ({ database, run: (tx, text) => tx.query(text) }))
