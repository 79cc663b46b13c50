import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { REALTIME_SCHEMA } from '@org/stand-ins'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type pg from 'pg'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { openTestDatabase } from '../../src/engine/migrations/testing/openTestDatabase.js'
import { broadcastContract } from './contracts/broadcastContract.js'
import { aStoredLead } from './contracts/rows.js'
import { openSession } from './openSession.js'
import { anOrg, HINT, insertLeads, leadMessages, missedBroadcast } from './realtime/messages.js'

let server: PostgresServer
let url: string
let database: Database
let embedded: Database
/** A session whose transactions the test opens and ends. */
let writer: pg.Client
let blocker: pg.Client

beforeAll(async () => {
  server = await startPostgres()
  url = await server.createDatabase()
  database = await openDatabase({ databaseUrl: url, dataDirectory: ':memory:' })
  embedded = await openTestDatabase()
  for (const each of [database, embedded]) {
    await prepareDatabase(each)
    await each.script(REALTIME_SCHEMA)
    await waitAtMost(each, '5 seconds')
  }
  writer = await openSession(url)
  blocker = await openSession(url)
})

afterAll(async () => {
  await writer.end()
  await blocker.end()
  await embedded.close()
  await database.close()
  await server.stop()
})

beforeEach(() => missedBroadcast(database, 'never'))

/** A busy machine is slow too, which only some tests are about. */
const waitAtMost = (of: Database, interval: string) => of.write('update sync.settings set broadcast_wait = $1::interval', [interval])

describe('in Postgres', () => broadcastContract(() => database))
describe('in the embedded database', () => broadcastContract(() => embedded))

/** How much longer than usual a click may take, in milliseconds. */
const PROMISED_MS = 50

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const ROUNDS = 15

/** The fastest of many: what the work itself takes, on a busy machine too. */
async function fastest(work: () => Promise<unknown>): Promise<number> {
  const tookMs: number[] = []
  for (let n = 0; n < ROUNDS; n += 1) {
    await missedBroadcast(database, 'never')
    tookMs.push(await timed(work))
  }
  return Math.min(...tookMs)
}

describe('while the table of messages is locked', () => {
  beforeAll(() => waitAtMost(database, '40 milliseconds'))
  afterAll(() => waitAtMost(database, '5 seconds'))
  beforeEach(() => blocker.query('begin; lock table realtime.messages in access exclusive mode'))
  afterEach(() => unlock())

  const unlock = () => blocker.query('rollback')

  test('a statement takes no longer than promised, and stands', async () => {
    const org = anOrg()
    const lockedMs = await fastest(() => database.write(insertLeads(org)))
    await unlock()
    const usualMs = await fastest(() => database.write(insertLeads(org)))
    expect(lockedMs).toBeGreaterThan(35)
    expect(lockedMs - usualMs).toBeLessThan(PROMISED_MS)
    expect(await database.query('select id from public.leads where org_id = $1', [org])).toHaveLength(2 * ROUNDS)
    expect(await leadMessages(database, org)).toHaveLength(ROUNDS)
  })

  test('nobody else waits for a while', async () => {
    const org = anOrg()
    await database.write(insertLeads(org))
    const tookMs: number[] = []
    for (let n = 0; n < 5; n += 1) tookMs.push(await timed(() => database.write(insertLeads(org))))
    expect(Math.min(...tookMs)).toBeLessThan(35)
    expect(await database.query('select id from public.leads where org_id = $1', [org])).toHaveLength(6)
  })

  test('a transaction waits once, whatever it writes and takes back, however long it goes on', async () => {
    const org = anOrg()
    const lockedMs = await fastest(async () => {
      await writer.query(`begin; set local lock_timeout = '7s'; savepoint a; ${insertLeads(org)}; rollback to a`)
      await writer.query(`${insertLeads(org)}; update public.leads set status = 'won' where org_id = '${org}'`)
      // Longer than others would leave it alone.
      await writer.query(`update sync.settings set broadcast_rest = '0'; ${insertLeads(org)}`)
      const { rows } = await writer.query('show lock_timeout')
      expect(rows).toEqual([{ lock_timeout: '7s' }])
      await writer.query('rollback')
    })
    expect(lockedMs).toBeGreaterThan(35)
    expect(lockedMs).toBeLessThan(2 * 35)
  })

  test('whoever missed a message finds it with the next, once the lock is gone', async () => {
    const org = anOrg()
    await database.write(insertLeads(org))
    await unlock()
    await missedBroadcast(database, 1_500)
    await database.write(insertLeads(org))
    expect(await leadMessages(database, org)).toEqual([HINT])
  })
})

describe('while the settings are locked', () => {
  test('a statement stands', async () => {
    const org = anOrg()
    await blocker.query('begin; lock table sync.settings in access exclusive mode')
    await writer.query(insertLeads(org)).finally(() => blocker.query('rollback'))
    expect(await database.query('select id from public.leads where org_id = $1', [org])).toHaveLength(1)
  })
})

describe('a send that fails', () => {
  async function withSend(body: string, work: () => Promise<void>): Promise<void> {
    const [was] = await database.query<{ text: string }>(
      `select pg_get_functiondef('realtime.send(jsonb,text,text,boolean)'::regprocedure) as text`,
    )
    await database.script(`create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
      returns void language plpgsql as $$ begin ${body} end $$`)
    await work().finally(() => database.script(was?.text ?? ''))
  }

  test('fails no statement, and the next clients to be told read the log', async () => {
    const org = anOrg()
    await withSend(`raise exception 'no';`, async () => {
      await aStoredLead(database, { org })
    })
    await missedBroadcast(database, 1_500)
    await database.write(insertLeads(org))
    expect(await database.query('select id from public.leads where org_id = $1', [org])).toHaveLength(2)
    expect(await leadMessages(database, org)).toEqual([HINT])
  })

  test('that is slow is not repeated in its transaction', async () => {
    const org = anOrg()
    await withSend('perform pg_sleep(0.045);', async () => {
      await waitAtMost(database, '40 milliseconds')
      const tookMs = await fastest(() => database.script(Array.from({ length: 10 }, () => insertLeads(org)).join(';')))
      await waitAtMost(database, '5 seconds')
      expect(tookMs).toBeLessThan(3 * 45)
    })
  })

  test('for want of a partition costs nothing but the message', async () => {
    const org = anOrg()
    await writer.query(`begin; alter table realtime.messages rename to messages_elsewhere`)
    await writer.query(insertLeads(org))
    await writer.query('alter table realtime.messages_elsewhere rename to messages; commit')
    expect(await database.query('select id from public.leads where org_id = $1', [org])).toHaveLength(1)
    expect(await leadMessages(database, org)).toEqual([])
  })
})

describe('without Realtime', () => {
  test('nothing is sent, and everything is once it is there', async () => {
    const bare = await openDatabase({ databaseUrl: await server.createDatabase(), dataDirectory: ':memory:' })
    try {
      await prepareDatabase(bare)
      const org = anOrg()
      await bare.write(insertLeads(org))
      await expect(bare.write('call sync.open_realtime()')).rejects.toThrow('start Supabase Realtime')
      await bare.script('create schema realtime')
      await bare.write(insertLeads(org))
      await bare.script(`drop schema realtime; ${REALTIME_SCHEMA}`)
      await bare.write(insertLeads(org))
      expect(await leadMessages(bare, org)).toEqual([{ changes: [expect.anything()] }])
      await bare.write('call sync.open_realtime()')
    } finally {
      await bare.close()
    }
  })
})
