import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type pg from 'pg'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { listRows } from '../../src/engine/rows/listRows.js'
import { endAll } from '../support/endAll.js'
import { openSession } from './openSession.js'

let server: PostgresServer
let url: string
let database: Database
/** Somebody of the business, with rights on its tables and none on ours. */
let clerk: pg.Client

beforeAll(async () => {
  server = await startPostgres()
  url = await server.createDatabase()
  database = await openDatabase({ databaseUrl: url, dataDirectory: ':memory:' })
  await prepareDatabase(database)
  await database.script(`create schema shop; create role clerk login password 'clerk'; grant usage on schema shop to clerk;
    alter default privileges in schema shop grant select, insert, update, delete on tables to clerk;
    alter default privileges in schema shop grant usage on sequences to clerk;
    create extension citext; create type shop.colour as enum ('red', 'green', 'blue')`)
  const asClerk = new URL(url)
  asClerk.username = 'clerk'
  asClerk.password = 'clerk'
  clerk = await openSession(asClerk.href)
})

afterAll(() =>
  endAll(
    () => clerk.end(),
    () => database.close(),
    () => server.stop(),
  ),
)

/** What the change log holds of a table: operation, id, version, and what it shows. */
async function told(table: string): Promise<unknown[]> {
  const rows = await database.query(
    'select op, org_id, pk, version::int as version, "row" from sync.change_log where table_name = $1 order by seq',
    [table],
  )
  return rows.map(({ op, org_id, pk, version, row }) => [op, org_id, pk, version, (row as { n?: unknown } | null)?.n ?? null])
}

const page = (table: string, tenant: string, cursor: string | null = null) =>
  listRows(database, { table, caller: { actor: 'x', tenant }, limit: 2, cursor })

describe('a table whose ids are', () => {
  test.each([
    ['uuid', "'11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222', '33333333-3333-4333-8333-333333333333'"],
    ['bigint', "'-5', '7', '9223372036854775807'"],
    ['smallint', "'1', '2', '10'"],
    ['numeric', "'1', '2.50', '10'"],
    ['citext', "'Ann', 'bob', 'Cid'"],
    ['text', "'a b', 'ü', '日本'"],
    ['varchar(40)', "'a', 'b', 'c'"],
    ['char(6)', "'a', 'b', 'c'"],
    ['shop.colour', "'red', 'green', 'blue'"],
    ['inet', "'10.0.0.1/32', '10.0.0.2/32', '10.0.0.3/32'"],
  ])('%s works for the business, in the log and in lists', async (type, values) => {
    const name = `by_${type.replace(/\W.*/, '')}`
    await database.script(`create table shop.${name} (id ${type} primary key, org_id ${type} not null, n text)`)
    await database.script(`call sync.track_table('shop.${name}', p_columns => '{n}')`)
    const ids = values.split(', ')
    for (const id of ids) await clerk.query(`insert into shop.${name} values (${id}, ${ids[0]}, 'a')`)
    await clerk.query(`update shop.${name} set n = 'b' where id = ${ids[1]}`)
    await clerk.query(`delete from shop.${name} where id = ${ids[2]}`)
    await clerk.query(`insert into shop.${name} values (${ids[2]}, ${ids[0]}, 'c')`)

    const text = ids.map((id) => id.slice(1, -1))
    const org = text[0] ?? ''
    expect(await told(name)).toEqual([
      ...text.map((id) => ['INSERT', org, id, 1, 'a']),
      ['UPDATE', org, text[1], 2, 'b'],
      ['DELETE', org, text[2], 2, null],
      ['INSERT', org, text[2], 3, 'c'],
    ])
    const first = await page(name, org)
    const second = await page(name, org, first.nextCursor)
    expect([...first.rows, ...second.rows].map(({ id, org_id, n }) => [id, org_id, n])).toEqual([
      [text[0], org, 'a'],
      [text[1], org, 'b'],
      [text[2], org, 'c'],
    ])
    expect((await page(name, `${org} `)).rows).toEqual([])
    expect((await page(name, 'of nobody’s')).rows).toEqual([])
  })
})

test('two tables of one name in two schemas are tracked side by side', async () => {
  await database.script(`create schema other;
    create table shop.people (id int primary key, org_id text, n text); create table other.people (id int primary key, org_id text, n text);
    call sync.track_table('shop.people', p_columns => '{n}');
    call sync.track_table('other.people', p_as => 'other_people', p_columns => '{n}');
    insert into shop.people values (1, 'o', 'shop'); insert into other.people values (1, 'o', 'other')`)
  expect(await told('people')).toEqual([['INSERT', 'o', '1', 1, 'shop']])
  expect(await told('other_people')).toEqual([['INSERT', 'o', '1', 1, 'other']])
})

test('every way to write goes on working for who could write before, without a right on what is ours', async () => {
  await database.script(`create table shop.deals (id bigint generated by default as identity primary key, org_id text not null, n text, t text, "this" text);
    call sync.track_table('shop.deals', p_columns => '{n}')`)
  await clerk.query("insert into shop.deals (org_id, n) values ('o', 'insert')")
  await clerk.query("insert into shop.deals (id, org_id, n) values (1, 'o', 'upsert') on conflict (id) do update set n = excluded.n")
  await clerk.query(`merge into shop.deals d using (values (1, 'merge'), (2, 'merge')) s (id, n) on d.id = s.id
    when matched then update set n = s.n when not matched then insert (id, org_id, n) values (s.id, 'o', s.n)`)
  await clerk.query("with gone as (delete from shop.deals where id = 2 returning *) update shop.deals set n = 'with' where id = 1")
  await clerk.query("insert into shop.deals values (3, 'o', 'by position')")
  await clerk.query("update shop.deals set n = 'many'")
  await clerk.query('delete from shop.deals where id = 3')
  expect(await told('deals')).toEqual([
    ['INSERT', 'o', '1', 1, 'insert'],
    ['UPDATE', 'o', '1', 2, 'upsert'],
    ['UPDATE', 'o', '1', 3, 'merge'],
    ['INSERT', 'o', '2', 1, 'merge'],
    ['UPDATE', 'o', '1', 4, 'with'],
    ['DELETE', 'o', '2', 2, null],
    ['INSERT', 'o', '3', 1, 'by position'],
    ['UPDATE', 'o', '1', 5, 'many'],
    ['UPDATE', 'o', '3', 2, 'many'],
    ['DELETE', 'o', '3', 3, null],
  ])
  await expect(clerk.query('select * from sync.change_log')).rejects.toMatchObject({ code: '42501' })
})

test('COPY goes on working with the columns it names', async () => {
  await database.script(`create table shop.bulk (id int primary key, org_id text, n text); call sync.track_table('shop.bulk', p_columns => '{n}');
    grant pg_read_server_files to clerk; grant pg_write_server_files to clerk`)
  const file = `${server.dataDirectory}/copied.txt`
  await clerk.query(`copy (select g, 'o', 'copied' from generate_series(1, 500) g) to '${file}'`)
  await clerk.query(`copy shop.bulk (id, org_id, n) from '${file}'`)
  expect(await told('bulk')).toHaveLength(500)
})

test('a row without an organisation is told to nobody, and one that moves is gone for the first', async () => {
  await database.script(
    `create table shop.moving (id int primary key, org_id uuid, n text); call sync.track_table('shop.moving', p_columns => '{n}')`,
  )
  const [a, b] = ['aaaaaaaa-0000-4000-8000-000000000000', 'bbbbbbbb-0000-4000-8000-000000000000']
  await clerk.query("insert into shop.moving values (1, null, 'a')")
  await clerk.query("update shop.moving set n = 'b'")
  expect(await told('moving')).toEqual([])
  await clerk.query(`update shop.moving set org_id = '${a}'`)
  await clerk.query(`update shop.moving set org_id = '${b}', n = 'c'`)
  await clerk.query('update shop.moving set org_id = null')
  await clerk.query('delete from shop.moving')
  expect(await told('moving')).toEqual([
    ['UPDATE', a, '1', 3, 'b'],
    ['DELETE', a, '1', 4, null],
    ['UPDATE', b, '1', 4, 'c'],
    ['DELETE', b, '1', 5, null],
  ])
  expect(await database.query("select version::int as version from sync.tombstones where table_name = 'moving'")).toEqual([{ version: 6 }])
})

test('only what clients see of a row is news, a generated column and an expression included', async () => {
  await database.script(`
    create table shop.priced (id int primary key, org_id text, price int, n int generated always as (price * 2) stored, memo text);
    create table shop.worded (id int primary key, org_id text, first text, memo text, total int generated always as (length(first)) stored);
    call sync.track_table('shop.priced', p_columns => '{n}');
    call sync.track_table('shop.worded', p_row => $$jsonb_build_object('n', upper(r.first), 'total', r.total)$$);
    insert into shop.priced (id, org_id, price) values (1, 'o', 1); insert into shop.worded (id, org_id, first) values (1, 'o', 'ann')`)
  for (const table of ['priced', 'worded']) await clerk.query(`update shop.${table} set memo = 'x'`)
  await clerk.query('update shop.priced set price = 5')
  await clerk.query("update shop.worded set first = 'bobby'")
  expect(await told('priced')).toEqual([
    ['INSERT', 'o', '1', 1, 2],
    ['UPDATE', 'o', '1', 2, 10],
  ])
  expect(await told('worded')).toEqual([
    ['INSERT', 'o', '1', 1, 'ANN'],
    ['UPDATE', 'o', '1', 2, 'BOBBY'],
  ])
})

test('may be tracked again with other columns, and taken back with nothing left behind', async () => {
  await database.script(
    `create table shop.again (id int primary key, org_id text, n text, more text); insert into shop.again values (1, 'o', 'a', 'b')`,
  )
  const before = await catalog('again')
  for (let run = 0; run < 2; run += 1) await database.script("call sync.track_table('shop.again', p_columns => '{n}')")
  await database.script("call sync.track_table('shop.again', p_as => 'renamed', p_columns => '{n,more}')")
  await clerk.query("update shop.again set more = 'c'")
  expect([await told('again'), await told('renamed')]).toEqual([[], [['UPDATE', 'o', '1', 2, 'a']]])
  for (let run = 0; run < 2; run += 1) await database.script("call sync.untrack_table('shop.again', p_drop_columns => true)")
  expect(await catalog('again')).toEqual(before)
  expect(await database.query("select proname from pg_proc where proname ~ '^tracked_(again|renamed)_'")).toEqual([])
  await expect(page('renamed', 'o')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

async function catalog(table: string): Promise<unknown> {
  return database.query(
    `select (select array_agg(attname::text order by attnum) from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped) as columns,
       (select array_agg(tgname::text order by tgname) from pg_trigger where tgrelid = c.oid) as triggers
     from pg_class c where c.oid = $1::regclass`,
    [`shop.${table}`],
  )
}

test('waits for a table that is in use no longer than two seconds', async () => {
  await database.script('create table shop.busy (id int primary key, org_id text, n text)')
  await clerk.query("begin; insert into shop.busy values (1, 'o', 'a')")
  const from = performance.now()
  await expect(database.script("call sync.track_table('shop.busy', p_columns => '{n}')")).rejects.toMatchObject({ code: '55P03' })
  expect(performance.now() - from).toBeLessThan(3_000)
  await clerk.query('commit')
  await database.script("set local lock_timeout = '7s'; call sync.track_table('shop.busy', p_columns => '{n}')")
})
