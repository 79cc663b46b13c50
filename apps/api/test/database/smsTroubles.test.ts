import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { seeded } from '../replicas/Chaos.js'
import { endAll } from '../support/endAll.js'
import { losesCallbacks, numberOf } from './losesCallbacks.js'
import { SmsWorld, type SmsWorldOptions } from './SmsWorld.js'

let server: PostgresServer
let database: Database
let world: SmsWorld

beforeAll(async () => {
  server = await startPostgres()
  database = await openDatabase({ databaseUrl: await server.createDatabase(), dataDirectory: ':memory:', poolSize: 20 })
  await prepareDatabase(database)
})

beforeEach(() => database.write('delete from sync.sms_messages'))
afterEach(() => world.close())

afterAll(() =>
  endAll(
    () => database.close(),
    () => server.stop(),
  ),
)

const open = async (options?: SmsWorldOptions) => {
  world = await SmsWorld.open(database, options)
}

describe('callbacks that get lost', () => {
  test('26 of 120 SMS reach their final state within minutes all the same, and nobody is asked more than that', async () => {
    await open()
    await losesCallbacks(world, { lost: 26, all: 120 })
  })

  test('of SMS that did not arrive: what Twilio says is taken whole, however late', async () => {
    await open({ callbacks: false })
    const ids = [await world.click('Hi', '+15005550030'), await world.click('Hi', '+15005550031')]
    await world.sendAll()
    await world.pass(61)
    while ((await world.lookUp.lookUpDue()) > 0);
    const rows = await database.query('select state, error_code from sync.sms_messages where id = $1 or id = $2 order by state', ids)
    expect(rows).toEqual([
      { state: 'failed', error_code: 30001 },
      { state: 'undelivered', error_code: 30003 },
    ])
  })
})

describe('numbers that are used again', () => {
  test('an SMS is not left to a person over the message of another click, whose answer was lost', async () => {
    await open({ callbacks: false, callTimeoutMs: 300 })
    await world.twilio.setFaults({ mode: 'timeout', times: 1 })
    const first = await world.click('It never arrived', numberOf(1))
    await world.dispatcher.dispatch(first)
    await world.twilio.setFaults({ mode: 'lost-response', times: 1 })
    const second = await world.click('Its answer was lost', numberOf(1))
    await world.pass(299)
    await database.write('update sync.sms_dispatch set listings = 2 where sms_id = $1', [first])
    await world.dispatcher.dispatch(second)
    await world.pass(2)
    // The last look for the first one sees the message of the second, which nobody has claimed yet.
    expect(await world.outbox.stateOf(second)).toBe('indeterminate')
    await world.reconciler.reconcileDue()
    expect(await world.outbox.stateOf(first)).toBe('pending')
    await world.sendAll()
    await world.pass(30)
    await world.reconciler.reconcileDue()
    expect(
      world.twilio
        .messages()
        .map(({ body }) => body)
        .sort(),
    ).toEqual(['It never arrived', 'Its answer was lost'])
    expect(Object.keys(await world.states())).not.toContain('indeterminate')
  })

  test.each([1, 2, 3])(
    'all SMS settle by themselves and go out once, Twilio timing out at 30 % (seed %d)',
    async (seed) => {
      const random = seeded(seed)
      await open({ callbacks: false, random, callTimeoutMs: 300 })
      const texts = Array.from({ length: 24 }, (_, n) => `Text ${seed} ${n}`)
      for (const [n, text] of texts.entries()) await world.click(text, numberOf(n % 4))
      for (let turn = 0; turn < 40; turn += 1) {
        const mode = turn < 12 && random() < 0.3 ? 'lost-response' : 'timeout'
        await world.twilio.setFaults(turn < 12 ? { mode, rate: 0.3 } : {})
        await world.sendAll()
        await world.pass(15 + random() * 40)
        await world.outbox.expireLeases()
        await world.reconciler.reconcileDue()
      }
      const sent = world.twilio.messages().map(({ body }) => body)
      // Whose two attempts were both lost waits for a person, for that reason; everything else went out, once.
      const left = await database.query<{ message: string }>(
        `select m.message from sync.sms_messages m join sync.sms_dispatch d on d.sms_id = m.id where m.state = 'indeterminate' and d.resent`,
      )
      const waiting = left.map(({ message }) => message)
      expect([...sent, ...waiting].sort()).toEqual([...texts].sort())
      const { indeterminate = 0, accepted = 0, sent: underWay = 0, delivered = 0, ...others } = await world.states()
      expect([indeterminate, accepted + underWay + delivered, others]).toEqual([waiting.length, sent.length, {}])
    },
    120_000,
  )
})
