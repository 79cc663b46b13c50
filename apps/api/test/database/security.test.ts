import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type pg from 'pg'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { ANA, anActionCall } from '../../src/engine/ledger/testing/anActionCall.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { seedDemo } from '../../src/modules/crm/seedDemo.js'
import { sendSms } from '../../src/modules/sms/sendSms.js'
import { endAll } from '../support/endAll.js'
import { openSession } from './openSession.js'

let server: PostgresServer
let url: string
let database: Database
let session: pg.Client

beforeAll(async () => {
  server = await startPostgres()
  url = await server.createDatabase()
  database = await openDatabase({ databaseUrl: url, dataDirectory: ':memory:' })
  await prepareDatabase(database)
  await seedDemo(database)
  await sendSms({ database, toE164: (phone) => phone }, anActionCall({ leadId: 'lead-1', message: 'Hi' }))
  session = await openSession(url)
})

afterAll(() =>
  endAll(
    () => session.end(),
    () => database.close(),
    () => server.stop(),
  ),
)

/** Runs one statement as a role of the browser, as PostgREST and Realtime do, and rolls it back. */
async function as(role: string, claims: unknown, statement: string): Promise<Record<string, unknown>[]> {
  await session.query('begin')
  try {
    await session.query(`select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)`, [role, JSON.stringify(claims)])
    return (await session.query(statement)).rows
  } finally {
    await session.query('rollback')
  }
}

const ana = { sub: ANA.actor, role: 'authenticated', app_metadata: { org_id: ANA.tenant } }
/** The tables of the business, which a browser reads through the API. */
const TABLES = ['appointments', 'leads']
// The state: the sentence is in the server's language.
const DENIED = { code: '42501' }

describe.each([
  ['a signed-in browser', 'authenticated', ana],
  ['somebody who is not signed in', 'anon', {}],
] as const)('%s', (_who, role, claims) => {
  test.each(TABLES)('may nothing on %s with its own token', async (table) => {
    await expect(as(role, claims, `select * from public.${table}`)).rejects.toMatchObject(DENIED)
    await expect(as(role, claims, `update public.${table} set org_id = 'org-9'`)).rejects.toMatchObject(DENIED)
    await expect(as(role, claims, `delete from public.${table}`)).rejects.toMatchObject(DENIED)
    await expect(as(role, claims, `insert into public.${table} (id) values ('x')`)).rejects.toMatchObject(DENIED)
    await expect(as(role, claims, `truncate public.${table} cascade`)).rejects.toMatchObject(DENIED)
  })

  test.each(TABLES)('would see no row of %s if somebody granted it', async (table) => {
    await session.query('begin')
    try {
      await session.query(`grant select on public.${table} to ${role}`)
      await session.query(`select set_config('role', $1, true), set_config('request.jwt.claims', $2, true)`, [role, JSON.stringify(claims)])
      expect((await session.query(`select * from public.${table}`)).rows).toEqual([])
    } finally {
      await session.query('rollback')
    }
  })
})

describe('the inside', () => {
  test.each(['anon', 'authenticated', 'service_role'])('is closed to %s', async (role) => {
    await expect(as(role, ana, 'select * from sync.ledger')).rejects.toMatchObject(DENIED)
    await expect(as(role, ana, 'select * from sync.change_log')).rejects.toMatchObject(DENIED)
    await expect(as(role, ana, 'select * from sync.sms_messages')).rejects.toMatchObject(DENIED)
    await expect(as(role, ana, 'select sync.renew_epoch()')).rejects.toMatchObject(DENIED)
    await expect(as(role, ana, `select * from sync.resolve_mutation('org-1', 'user-456', 'k', 1, 1)`)).rejects.toMatchObject(DENIED)
  })

  test('has nothing in a schema that is exposed', async () => {
    const tables = await database.query(`select tablename from pg_tables where schemaname = 'public' order by 1`)
    expect(tables.map(({ tablename }) => tablename)).toEqual(TABLES)
    expect(await database.query(`select proname from pg_proc where pronamespace = 'public'::regnamespace`)).toEqual([])
  })

  test('has no function that runs with more rights than its caller but triggers, which nobody can call or slip a function', async () => {
    const rows = await database.query(`select proname, prorettype::regtype::text as returns, proconfig from pg_proc
      where pronamespace = 'sync'::regnamespace and prosecdef`)
    expect(rows.length).toBeGreaterThan(3)
    for (const { returns, proconfig } of rows) {
      expect(returns).toBe('trigger')
      expect(proconfig).toContain('search_path=pg_catalog, pg_temp')
    }
  })
})

describe('a backend with the service role', () => {
  test('writes rows, and the change log and the versions follow', async () => {
    const rows = await as(
      'service_role',
      {},
      `update public.leads set name = 'Renamed' where id = 'lead-1' returning sync_version::int as version, sync_by`,
    )
    expect(rows).toEqual([{ version: 2, sync_by: null }])
    await as('service_role', {}, `delete from public.appointments where id = 'apt-1'`)
    await as('service_role', {}, `update public.leads set org_id = 'org-9' where id = 'lead-2'`)
    await as('service_role', {}, `insert into public.leads (id, org_id, name) values ('lead-new', 'org-1', 'Anna')`)
  })
})

test('a temporary type by the name of one of Postgres’ own is not taken by what runs with more rights', async () => {
  const writer = await openSession(url)
  try {
    await writer.query(`
      set role service_role;
      create function pg_temp.peek(p_value pg_catalog.text) returns boolean language plpgsql as $$
      begin
        raise exception 'this runs as %', current_user;
      end
      $$;
      create domain pg_temp.text as pg_catalog.text check (pg_temp.peek(value))`)
    await writer.query(`insert into public.leads (id, org_id, name) values ('lead-temp', 'org-1', 'Anna')`)
    await writer.query(`update public.leads set name = 'Anne', org_id = 'org-9' where id = 'lead-temp'`)
    await writer.query(`delete from public.leads where id = 'lead-temp'`)
  } finally {
    await writer.end()
  }
})

test('nothing is published to Realtime: it tells of changes by Broadcast alone', async () => {
  expect(await database.query('select * from pg_publication_tables')).toEqual([])
})
