import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type pg from 'pg'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { endAll } from '../support/endAll.js'
import { teamTables, USE_TEAM_TABLES } from './contracts/teamTables.js'
import { openSession } from './openSession.js'

const ROWS = 100_000

let server: PostgresServer
let session: pg.Client
let ids: string[]
let events: string[]

beforeAll(async () => {
  server = await startPostgres()
  const databaseUrl = await server.createDatabase()
  const database = await openDatabase({ databaseUrl, dataDirectory: ':memory:' })
  await prepareDatabase(database)
  await teamTables.prepare(database)
  await database.script(`alter table crm.contacts disable trigger user; alter table cal.events disable trigger user;
    insert into crm.contacts (account_id, full_name) select md5((n % 3)::text)::uuid, 'Lead ' || n from generate_series(1, ${ROWS}) n;
    insert into cal.events (account_id, subject, starts_at, state) select md5((n % 3)::text)::uuid, 'Call', now(), 'open' from generate_series(1, ${ROWS}) n;
    alter table crm.contacts enable trigger user; alter table cal.events enable trigger user; analyze crm.contacts; analyze cal.events;
    ${USE_TEAM_TABLES}`)
  await database.close()
  session = await openSession(databaseUrl)
  const first = async (column: string, from: string) =>
    (
      await session.query(`select ${column}::text as id from ${from} where account_id = md5('1')::uuid order by ${column} limit 400`)
    ).rows.map(({ id }) => id)
  ids = await first('contact_id', 'crm.contacts')
  events = await first('event_id', 'cal.events')
}, 60_000)

afterAll(() =>
  endAll(
    () => session.end(),
    () => server.stop(),
  ),
)

/** Rows that were read by going through all of a table, and entries of its indexes that were read. */
async function readOf(table: string, work: () => Promise<unknown>): Promise<{ scanned: number; looked: number }> {
  await session.query('begin')
  const before = await countsOf(table)
  await work()
  const after = await countsOf(table)
  await session.query('commit')
  return { scanned: after.scanned - before.scanned, looked: after.looked - before.looked }
}

async function countsOf(table: string): Promise<{ scanned: number; looked: number }> {
  const { rows } = await session.query(
    `select pg_stat_get_xact_tuples_returned($1::regclass)::int as scanned,
       (select sum(pg_stat_get_xact_tuples_returned(indexrelid))::int from pg_index where indrelid = $1::regclass) as looked`,
    [table],
  )
  return rows[0]
}

const call = `row(md5('1')::uuid::text, 'ana', null, 'x', 1)::sync.action_call`
const run = (effect: string, request: object) => session.query(`select sync.${effect}(${call}, $1::jsonb)`, [JSON.stringify(request)])
const page = (table: string, after: string | null) =>
  session.query(`select id from sync.read_rows($1, md5('1')::uuid::text, $2, 51)`, [table, after])

test('each effect reaches its rows by the table’s indexes, also once the session keeps its plans', async () => {
  for (let round = 0; round < 8; round += 1) {
    const [leadId, appointmentId] = [ids.pop(), events.pop()]
    const leads = await readOf('crm.contacts', async () => {
      await run('update_lead_status', { leadId, status: 'contacted' })
      await run('update_lead_status', { leadId, status: 'contacted' })
      await run('bulk_update_lead_status', { leadIds: ids.slice(0, 20), status: round % 2 === 0 ? 'lost' : 'qualified' })
      await session.query(`select sync.find_lead(md5('1')::uuid::text, $1)`, [leadId])
    })
    expect(leads.scanned).toBe(0)
    expect(leads.looked).toBeLessThan(200)
    const appointments = await readOf('cal.events', () => run('confirm_booking', { appointmentId }))
    expect(appointments.scanned).toBe(0)
    expect(appointments.looked).toBeLessThan(20)
  }
})

test('a page of a list reads as many rows as it shows, wherever it begins', async () => {
  for (const after of [null, ids[10] ?? null, 'ffffffff-0000-4000-8000-000000000000']) {
    const read = await readOf('crm.contacts', () => page('leads', after))
    expect(read.scanned).toBe(0)
    expect(read.looked).toBeLessThan(120)
  }
})

test('an update of many rows is logged in one pass, also once the session planned for single ones', async () => {
  for (let round = 0; round < 8; round += 1)
    await session.query(`update crm.contacts set full_name = 'One' || $2 where contact_id::text = $1`, [ids.at(-1), round])
  await session.query(`begin; set local statement_timeout = '20s'`)
  // Each row with each would be 400 million pairs.
  await session.query(
    `update crm.contacts set full_name = full_name || '.' where contact_id in (select contact_id from crm.contacts limit 20000)`,
  )
  const { rows } = await session.query(`select count(*)::int as logged from sync.change_log where xid = pg_current_xact_id()`)
  await session.query('rollback')
  expect(rows).toEqual([{ logged: 20_000 }])
})
