import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { endAll } from '../support/endAll.js'

let server: PostgresServer
let database: Database

beforeAll(async () => {
  server = await startPostgres()
  database = await openDatabase({ databaseUrl: await server.createDatabase(), dataDirectory: ':memory:' })
  await prepareDatabase(database, { leftOut: ['crm'] })
  await database.script(`create schema t; create table t.ok (id int primary key, org_id text, n text, status text);
    create table t.taken (id int primary key, org_id text, n text); call sync.track_table('t.taken', p_columns => '{n}');
    create function t.copy_whole() returns trigger language plpgsql as $$ begin insert into t.old select old.*; return new; end $$;
    create table t.old (id int, org_id text, n text)`)
})

afterAll(() =>
  endAll(
    () => database.close(),
    () => server.stop(),
  ),
)

async function refused(sql: string, advice: string): Promise<void> {
  const attempt = database.script(`${sql}; call sync.track_table('t.x', p_columns => '{n}')`)
  await expect(attempt).rejects.toThrow(/cannot be tracked: .+\.$/)
  await expect(attempt).rejects.toThrow(advice)
}

describe('what would fail later in somebody’s statement is refused at the call, with what to do:', () => {
  test.each([
    ['a view', 'create view t.x as select * from t.ok', 'Track the table below it'],
    ['a materialized view', 'create materialized view t.x as select * from t.ok', 'Track the table below it'],
    ['a partitioned table', 'create table t.x (id int primary key, org_id text, n text) partition by range (id)', 'partitioned'],
    [
      'a partition',
      'create table t.p (id int primary key, org_id text, n text) partition by range (id); create table t.x partition of t.p for values from (1) to (9)',
      'through its parent',
    ],
    ['a parent', 'create table t.x (id int primary key, org_id text, n text); create table t.child () inherits (t.x)', 'no inherit'],
    ['an heir', 'create table t.q (id int, org_id text, n text); create table t.x (primary key (id)) inherits (t.q)', 'no inherit'],
    ['an unlogged table', 'create unlogged table t.x (id int primary key, org_id text, n text)', 'set logged'],
    ['no id', 'create table t.x (key int primary key, org_id text, n text)', 'p_id =>'],
    ['an id that may be null', 'create table t.x (id int unique, org_id text, n text)', 'set not null'],
    ['an id that is not unique', 'create table t.x (id int not null, org_id text, n text)', 'add unique'],
    ['an id that is unique with another column', 'create table t.x (id int, org_id text, n text, primary key (id, org_id))', 'add unique'],
    [
      'an id that is unique for some rows',
      'create table t.x (id int not null, org_id text, n text); create unique index on t.x (id) where id > 3',
      'add unique',
    ],
    ['an id that is unique only at the end', 'create table t.x (id int not null unique deferrable, org_id text, n text)', 'add unique'],
    ['an instant as id', 'create table t.x (id timestamptz primary key, org_id text, n text)', 'uuid or a whole number'],
    ['a float as id', 'create table t.x (id float8 primary key, org_id text, n text)', 'uuid or a whole number'],
    ['a generated id', 'create table t.x (n text, org_id text, id int generated always as (length(n)) stored primary key)', 'made from'],
    ['no organisation', 'create table t.x (id int primary key, n text)', 'p_tenant =>'],
    ['an instant as organisation', 'create table t.x (id int primary key, org_id date, n text)', 'uuid or a whole number'],
    [
      'a column of our name and another type',
      'create table t.x (id int primary key, org_id text, n text, sync_version int)',
      'Rename yours',
    ],
    [
      'a generated column of our name',
      "create table t.x (id int primary key, org_id text, n text, sync_by text generated always as ('x') stored)",
      'Rename yours',
    ],
    ['no such column', 'create table t.x (id int primary key, org_id text)', 'no column "n"'],
    ['json', 'create table t.x (id int primary key, org_id text, n json)', 'Make it jsonb'],
    [
      'a trigger that comes after ours',
      'create table t.x (id int primary key, org_id text, n text); create trigger zzz before update on t.x for each row execute function t.copy_whole()',
      'Rename it',
    ],
    [
      'a trigger that copies whole rows',
      "create table t.x (id int primary key, org_id text, n text); insert into t.x values (1, 'o', 'a'); create trigger a before update on t.x for each row execute function t.copy_whole()",
      'name its columns',
    ],
  ])('%s', (_name, sql, advice) => refused(sql, advice))

  test('a computed column, which Postgres has since 18', async () => {
    const sql = 'create table t.x (id int primary key, org_id text, a text, n text generated always as (upper(a)) virtual)'
    const [{ has } = { has: false }] = await database.query<{ has: boolean }>(
      `select current_setting('server_version_num')::int >= 180000 as has`,
    )
    if (has) await refused(sql, 'made from')
    else await expect(database.script(sql)).rejects.toMatchObject({ code: '42601' })
  })

  test.each([
    ["'t.ok'", 'Name columns'],
    ["'t.ok', p_columns => '{n}', p_row => 'to_jsonb(r)'", 'Leave one of them out'],
    ["'t.ok', p_row => 'r.nothing'", 'an expression over the row'],
    ["'t.ok', p_row => '1'", 'an expression over the row'],
    ["'t.ok', p_row => 'r.n'", 'an expression over the row'],
    ["'t.ok', p_row => 'r'", 'an expression over the row'],
    ["'t.ok', p_columns => '{n}', p_as => 'With Spaces'", 'p_as'],
    ["'t.ok', p_columns => '{n}', p_as => 'taken'", "call sync.untrack_table('t.taken')"],
    ["'t.ok', p_columns => '{n,NULL}'", 'null'],
  ])('track_table(%s)', async (call, advice) => {
    await expect(database.script(`call sync.track_table(${call})`)).rejects.toThrow(advice)
  })

  test('a column under a name that clients know as ours', async () => {
    await database.script('create table t.own (id int primary key, org_id text, version text, updated_at timestamptz, key uuid)')
    await expect(database.script("call sync.track_table('t.own', p_columns => '{version}')")).rejects.toThrow('its_version')
    await expect(database.script("call sync.track_table('t.own', p_columns => '{updated_at}')")).rejects.toThrow('its_updated_at')
    await database.script("call sync.track_table('t.own', p_row => $$jsonb_build_object('its_version', r.version)$$)")
  })

  test.each([
    ['use_leads(\'t.ok\', p_statuses => \'{"new": "contacted"}\')', 'Give each its own'],
    ['use_leads(\'t.ok\', p_statuses => \'{"neww": "x"}\')', 'no word that clients may say'],
    ["use_leads('t.ok', p_statuses => '[]')", 'an object of texts'],
    ["use_leads('t.ok', p_status => 'id')", 'cannot hold "contacted"'],
    ["use_leads('t.ok', p_phone => 'telephone')", 'no column "telephone"'],
    ["use_leads('t.taken')", 'p_status =>'],
    ['use_appointments(\'t.ok\', p_statuses => \'{"pending": "confirmed"}\')', 'Give each its own'],
    ["use_appointments('t.taken')", 'p_status =>'],
  ])('%s', async (call, advice) => {
    await expect(database.script(`call sync.${call}`)).rejects.toThrow(advice)
  })

  describe('a column that a click could not write:', () => {
    const words = [...'abcdefg'].join("', '")
    const columns = 'id int primary key, org_id text, status text'
    test.each([
      ['a generated status', `id int primary key, org_id text, a text, status text generated always as (a) stored`, 'leads', '', 'status'],
      ['an instant that is a number', `${columns}, at bigint`, 'leads', ", p_status_changed_at => 'at'", 'bigint'],
      ['an identity', `${columns}, nr int generated always as identity`, 'leads', ", p_status_changed_at => 'nr'", 'nr'],
      ['a status with values of its own', `${columns} check (status in ('${words}'))`, 'leads', '', 'cannot hold "contacted"'],
      ['one of an appointment', `${columns} check (status <> 'confirmed')`, 'appointments', '', 'cannot hold "confirmed"'],
      ['its notes, generated', `${columns}, notes text generated always as (status) stored`, 'appointments', '', 'notes'],
      ['its instant, a number', `${columns}, confirmed_at int`, 'appointments', '', 'integer'],
    ])('%s', async (_name, table, what, named, advice) => {
      const call = `call sync.use_${what}('t.written'${named})`
      await expect(database.script(`create table t.written (${table}); ${call}`)).rejects.toThrow(advice)
    })

    test('but a check over several columns is not judged, and one that allows the words stands', async () => {
      await database.script(`begin; create table t.written (${columns} check (length(status) < 20), note text, check (status <> 'won' or note is not null));
        call sync.use_leads('t.written'); rollback`)
    })
  })

  test('what would take a table away from the buttons that work on it', async () => {
    await database.script(
      `create table t.used (id int primary key, org_id text, status text, n text); call sync.use_leads('t.used', p_columns => '{n}')`,
    )
    try {
      for (const call of [
        "track_table('t.used', p_columns => '{n}')",
        "track_table('t.used', p_as => 'leads', p_columns => '{n}')",
        "use_appointments('t.used')",
      ]) {
        const attempt = database.script(`call sync.${call}`)
        await expect(attempt).rejects.toThrow('it is tracked as "leads"')
        await expect(attempt).rejects.toThrow("call sync.untrack_table('t.used')")
      }
      await database.script("call sync.use_leads('t.used')")
      expect(await database.query("select columns from sync.tracked_tables where name = 'leads'")).toEqual([{ columns: ['n'] }])
    } finally {
      await database.script("call sync.untrack_table('t.used')")
    }
  })

  test('a table of somebody else’s', async () => {
    await database.script(`create role stranger; grant all on schema t to stranger; create table t.theirs (id int primary key, org_id text, n text);
      alter table t.theirs owner to stranger; create role helper; grant usage on schema sync, t to helper; grant execute on all routines in schema sync to helper; grant select on all tables in schema sync to helper`)
    await expect(database.script("set local role helper; call sync.track_table('t.theirs', p_columns => '{n}')")).rejects.toThrow(
      'it belongs to stranger',
    )
  })

  test('and nothing is left of what was refused', async () => {
    const made = await database.query("select relation::text from sync.tracked_tables where relation::text like 't.%' order by 1")
    expect(made).toEqual([{ relation: 't.own' }, { relation: 't.taken' }])
    expect(await database.query("select attname from pg_attribute where attrelid = 't.ok'::regclass and attname like 'sync%'")).toEqual([])
  })
})
