import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { REALTIME_SCHEMA } from '@org/stand-ins'
import type pg from 'pg'
import type { Database } from '../../src/engine/database/Database.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { openTestDatabase } from '../../src/engine/migrations/testing/openTestDatabase.js'
import { broadcastContract } from './contracts/broadcastContract.js'
import { aStoredLead } from './contracts/rows.js'
import { anOrg, HINT, insertLeads, leadMessages, missedBroadcast } from './realtime/messages.js'
import { TestDatabases } from './TestDatabases.js'

let databases: TestDatabases | undefined
let database: Database
let embedded: Database
/** A session whose transactions the test opens and ends. */
let writer: pg.Client
let blocker: pg.Client

beforeAll(async () => {
  databases = await TestDatabases.start()
  const url = await databases.createDatabase()
  database = await databases.open(url)
  embedded = databases.keep(await openTestDatabase())
  for (const each of [database, embedded]) {
    await prepareDatabase(each)
    await each.script(REALTIME_SCHEMA)
    await waitAtMost(each, '5 seconds')
  }
  writer = await databases.openSession(url)
  blocker = await databases.openSession(url)
})

afterAll(() => databases?.stop())

beforeEach(() => missedBroadcast(database, 'never'))

/** A busy machine is slow too, which only some tests are about. */
const waitAtMost = (of: Database, interval: string) => of.write('update sync.settings set broadcast_wait = $1::interval', [interval])

const restFor = (interval: string) => database.write('update sync.settings set broadcast_rest = $1::interval', [interval])

describe('in Postgres', () => broadcastContract(() => database))
describe('in the embedded database', () => broadcastContract(() => embedded))

/** What realtime.send does is done by `body`, and each try of it is counted, also one that is undone, with how long it may wait. */
async function counting(body: string, work: () => Promise<void>): Promise<{ tries: number; waitMs: number }> {
  await database.script('create sequence public.tries; create sequence public.wait_ms')
  await withSend(
    `perform nextval('public.tries'), setval('public.wait_ms', (extract(epoch from current_setting('lock_timeout')::interval) * 1000)::bigint);
     ${body}`,
    work,
  )
  const [counted] = await database.query<{ tries: number; waitMs: number }>(
    `select coalesce(pg_sequence_last_value('public.tries'), 0)::int as tries,
      coalesce(pg_sequence_last_value('public.wait_ms'), 0)::int as "waitMs"`,
  )
  await database.script('drop sequence public.tries; drop sequence public.wait_ms')
  return counted ?? { tries: -1, waitMs: -1 }
}

async function withSend(body: string, work: () => Promise<void>): Promise<void> {
  const [was] = await database.query<{ text: string }>(
    `select pg_get_functiondef('realtime.send(jsonb,text,text,boolean)'::regprocedure) as text`,
  )
  await database.script(`create or replace function realtime.send(payload jsonb, event text, topic text, private boolean default true)
    returns void language plpgsql as $$ begin ${body} end $$`)
  await work().finally(() => database.script(was?.text ?? ''))
}

/** As the real one, which swallows what goes wrong and sets its topic only where nothing did. */
const SEND = `begin
  perform set_config('realtime.topic', topic, true);
  insert into realtime.messages (id, payload, event, topic, private, extension) values (gen_random_uuid(), payload, event, topic, private, 'broadcast');
exception when others then null; end;`

const leadsOf = (org: string) => database.query('select id from public.leads where org_id = $1', [org])

describe('while the table of messages is locked', () => {
  beforeAll(() => waitAtMost(database, '30 milliseconds'))
  afterAll(() => waitAtMost(database, '5 seconds'))
  beforeEach(() => blocker.query('begin; lock table realtime.messages in access exclusive mode'))
  afterEach(() => unlock())

  const unlock = () => blocker.query('rollback')

  test('a statement waits once, as long as is promised at most, and stands', async () => {
    const org = anOrg()
    const counted = await counting(SEND, async () => void (await database.write(insertLeads(org))))
    expect(counted).toEqual({ tries: 1, waitMs: 30 })
    await unlock()
    expect(await leadsOf(org)).toHaveLength(1)
    expect(await leadMessages(database, org)).toEqual([])
  })

  test('nobody else waits for a while', async () => {
    const org = anOrg()
    await restFor('1 hour')
    const { tries } = await counting(SEND, async () => {
      for (let n = 0; n < 6; n += 1) await database.write(insertLeads(org))
    })
    await restFor('1 second')
    expect(tries).toBe(1)
    expect(await leadsOf(org)).toHaveLength(6)
  })

  test('a transaction waits once, whatever it writes and takes back, however long it goes on', async () => {
    const org = anOrg()
    const { tries } = await counting(SEND, async () => {
      await writer.query(`begin; set local lock_timeout = '7s'; savepoint a; ${insertLeads(org)}; rollback to a`)
      await writer.query(`${insertLeads(org)}; update public.leads set status = 'won' where org_id = '${org}'`)
      // Longer than others would leave it alone.
      await writer.query(`update sync.settings set broadcast_rest = '0'; ${insertLeads(org)}`)
      const { rows } = await writer.query('show lock_timeout')
      await writer.query('rollback')
      expect(rows).toEqual([{ lock_timeout: '7s' }])
    })
    expect(tries).toBe(1)
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
    await waitAtMost(database, '40 milliseconds')
    const { tries } = await counting('perform pg_sleep(0.045);', () =>
      database.script(Array.from({ length: 10 }, () => insertLeads(org)).join(';')),
    )
    await waitAtMost(database, '5 seconds')
    expect(tries).toBe(1)
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
    const bare = await (databases as TestDatabases).openNew()
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
  })
})
