import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Database } from '../src/engine/database/Database.js'
import { DatabaseUnavailableError } from '../src/engine/database/DatabaseError.js'
import { anActionCall } from '../src/engine/ledger/testing/anActionCall.js'
import { openTestDatabase } from '../src/engine/migrations/testing/openTestDatabase.js'
import { confirmBooking } from '../src/modules/bookings/confirmBooking.js'
import { seedDemo } from '../src/modules/crm/seedDemo.js'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
  await seedDemo(database)
})

afterAll(() => database.close())

/** A database whose connection dies on the first write, before or after that takes effect. */
function dyingDatabase(when: 'before' | 'after', times = 1): Database {
  let left = times
  return {
    query: (text, params) => database.query(text, params),
    script: (text) => database.script(text),
    transaction: (work) => database.transaction(work),
    answers: async () => true,
    onCommit: (listener) => database.onCommit(listener),
    close: () => database.close(),
    async write(text, params) {
      left -= 1
      if (left < 0) return database.write(text, params)
      if (when === 'after') await database.write(text, params)
      throw new DatabaseUnavailableError('the connection was lost')
    },
  }
}

describe('when the connection dies', () => {
  test('after the commit, answers what was committed instead of an error', async () => {
    const call = anActionCall({ appointmentId: 'apt-123' })
    expect(await confirmBooking(dyingDatabase('after'), call)).toMatchObject({ status: 200, recorded: true, replayed: true })
  })

  test('before the commit, says that the database is unavailable', async () => {
    const call = anActionCall({ appointmentId: 'apt-124' })
    await expect(confirmBooking(dyingDatabase('before'), call)).rejects.toThrow(DatabaseUnavailableError)
    expect(await confirmBooking(database, call)).toMatchObject({ status: 200, replayed: false })
  })

  test('and the ledger cannot be asked either, says that the database is unavailable', async () => {
    const call = anActionCall({ appointmentId: 'apt-125' })
    await expect(confirmBooking(dyingDatabase('after', 2), call)).rejects.toThrow(DatabaseUnavailableError)
    expect(await confirmBooking(database, call)).toMatchObject({ status: 200, replayed: true })
  })
})
