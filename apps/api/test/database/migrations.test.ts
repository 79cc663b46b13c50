import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Database } from '../../src/engine/database/Database.js'
import { DatabaseUnavailableError } from '../../src/engine/database/DatabaseError.js'
import { anActionCall } from '../../src/engine/ledger/testing/anActionCall.js'
import type { Migration } from '../../src/engine/migrations/Migration.js'
import { migrate } from '../../src/engine/migrations/migrate.js'
import { missingTimeouts } from '../../src/engine/migrations/missingTimeouts.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { readMigrations } from '../../src/engine/migrations/readMigrations.js'
import { confirmBooking } from '../../src/modules/bookings/confirmBooking.js'
import { seedDemo } from '../../src/modules/crm/seedDemo.js'
import { updateLeadStatus } from '../../src/modules/leads/updateLeadStatus.js'
import { openSession } from './openSession.js'
import { splitStatements } from './splitStatements.js'
import { TestDatabases } from './TestDatabases.js'

let databases: TestDatabases

beforeAll(async () => {
  databases = await TestDatabases.start()
})

afterAll(async () => {
  await databases.stop()
})

const urls = new Map<Database, string>()

async function open(databaseUrl: string): Promise<Database> {
  const database = await databases.open(databaseUrl)
  urls.set(database, databaseUrl)
  return database
}

const urlOf = (database: Database) => urls.get(database) ?? ''

const recorded = async (database: Database) =>
  (await database.query('select version, name from sync.migrations order by version')).map(({ version, name }) => `${version}_${name}`)
const namesOf = (migrations: readonly Migration[]) => migrations.map(({ version, name }) => `${version}_${name}`)
const aMigration = (sql: string): Migration => ({ version: '29990101000000', name: 'break_things', sql, owner: null })

describe('the files', () => {
  test('know nothing of the runner, and each says which version stands and which code may run on it', async () => {
    const migrations = await readMigrations()
    expect(migrations.length).toBeGreaterThan(0)
    for (const { version, owner, sql } of migrations) {
      expect(sql).not.toContain('sync.migrations')
      const name = owner === 'engine' ? 'schema_version' : `${owner}_schema_version`
      expect(sql).toMatch(
        new RegExp(`create or replace function sync\\.${name}\\(\\)[^;]*'version', '${version}', 'oldestCode', '\\d{14}'`),
      )
    }
  })
})

describe('the runner', () => {
  test('applies everything once, and nothing the second time', async () => {
    const database = await open(await databases.createDatabase())
    const known = await readMigrations()
    expect(await migrate(database, known)).toEqual(namesOf(known))
    expect(await migrate(database, known)).toEqual([])
    expect(await recorded(database)).toEqual(namesOf(known))
  })

  test('is safe when several replicas start at once', async () => {
    const url = await databases.createDatabase()
    const replicas = await Promise.all(Array.from({ length: 4 }, () => open(url)))
    await Promise.all(replicas.map((replica) => prepareDatabase(replica)))
    const epochs = await Promise.all(replicas.map((replica) => replica.query('select sync.open_epoch() as epoch')))
    expect(new Set(epochs.map(([row]) => row?.epoch)).size).toBe(1)
    expect(await recorded(replicas[0] as Database)).toEqual(namesOf(await readMigrations()))
  })

  test('takes the migrations of a team from directories of its own, after ours and once', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'org-api-migrations-'))
    await writeFile(join(directory, '0010_then_this.sql'), 'alter table crm.notes add column text text; -- no newline at the end')
    await writeFile(
      join(directory, '2_first_this.sql'),
      'create schema crm; create table crm.notes (id int, lead_id text references public.leads (id))',
    )
    await writeFile(join(directory, 'README.md'), 'not one of them')
    const database = await open(await databases.createDatabase())
    await prepareDatabase(database, { directories: [directory] })
    await prepareDatabase(await open(urlOf(database)), { directories: [directory] })
    expect((await recorded(database)).filter((name) => name.includes('this'))).toEqual(['0010_then_this', '2_first_this'])
    expect(await database.query('select text from crm.notes')).toEqual([])
    await rm(directory, { recursive: true })
    await expect(prepareDatabase(database, { directories: [directory] })).rejects.toMatchObject({
      message: expect.stringContaining('MIGRATIONS_DIRS'),
    })
  })

  test('goes on from what another tool applied', async () => {
    const database = await open(await databases.createDatabase())
    await database.script(await readFile(new URL('../../supabase/plain-postgres.sql', import.meta.url), 'utf8'))
    const known = await readMigrations()
    for (const { sql } of known.slice(0, 2)) await database.script(sql)
    await database.script(`create schema supabase_migrations; create table supabase_migrations.schema_migrations (version text);
      insert into supabase_migrations.schema_migrations values ('29990101000000')`)
    expect(await migrate(database, [...known, aMigration('select 1 / 0')])).toEqual(namesOf(known.slice(2)))
  })

  test('leaves out the modules that are left out, and adds one later', async () => {
    const database = await open(await databases.createDatabase())
    await prepareDatabase(database, { modules: [], leftOut: ['crm', 'bookings', 'leads', 'sms'] })
    expect(await database.query(`select tablename from pg_tables where schemaname = 'public'`)).toEqual([])
    await prepareDatabase(database, { modules: ['bookings', 'leads', 'crm'], leftOut: ['sms'] })
    const made = await database.query(`select tablename from pg_tables where schemaname = 'public' order by 1`)
    expect(made.map(({ tablename }) => tablename)).toEqual(['appointments', 'leads'])
    expect(await database.query(`select to_regproc('sync.run_send_sms') as action, to_regclass('sync.sms_dispatch') as sms`)).toEqual([
      { action: null, sms: null },
    ])
    expect(await updateLeadStatus(database, anActionCall({ leadId: 'no-such', status: 'won' as const }))).toMatchObject({ status: 404 })
  })

  test('may be told to change nothing, and then says what is missing', async () => {
    const database = await open(await databases.createDatabase())
    await expect(prepareDatabase(database, { migrateOnStart: false })).rejects.toMatchObject({
      code: 'SCHEMA_TOO_OLD',
      message: expect.stringContaining('org-api migrate'),
    })
    await prepareDatabase(database, { modules: [], leftOut: ['crm', 'bookings', 'leads', 'sms'] })
    await expect(prepareDatabase(database, { migrateOnStart: false, modules: ['crm'] })).rejects.toMatchObject({
      message: expect.stringContaining('lacks the schema of crm'),
    })
    await prepareDatabase(database, { migrateOnStart: false, modules: [] })
  })

  test('runs on a later version that still takes this code, and refuses one that does not', async () => {
    const database = await open(await databases.createDatabase())
    await prepareDatabase(database)
    const later = (oldestCode: string) =>
      database.script(`create or replace function sync.leads_schema_version() returns jsonb language sql immutable
        return jsonb_build_object('version', '29990101000000', 'oldestCode', '${oldestCode}')`)
    const newest = (await readMigrations()).find(({ owner }) => owner === 'leads')?.version ?? ''
    await later(newest)
    await prepareDatabase(database)
    await later('29990101000000')
    await expect(prepareDatabase(database)).rejects.toMatchObject({
      code: 'SCHEMA_TOO_NEW',
      message: expect.stringContaining('29990101000000'),
    })
  })

  test('runs after a deploy was rolled back by one step: on the schema of the next release, with all that it added', async () => {
    const database = await open(await databases.createDatabase())
    const known = await readMigrations()
    const states = (owner: string, name: string): Migration => ({
      version: '29990101000000',
      name: `${owner}_add_more`,
      owner,
      sql: `alter table sync.ledger add column if not exists note text not null default '';
        create or replace function sync.${name}() returns jsonb language sql immutable
        return jsonb_build_object('version', '29990101000000', 'oldestCode', '${known.findLast((one) => one.owner === owner)?.version}')`,
    })
    await migrate(database, [...known, states('engine', 'schema_version'), states('leads', 'leads_schema_version')])
    await prepareDatabase(database)
    await seedDemo(database)
    const call = anActionCall({ leadId: 'lead-123', status: 'qualified' as const })
    const first = await updateLeadStatus(database, call)
    expect(first).toMatchObject({ status: 200, replayed: false })
    expect(await updateLeadStatus(database, call)).toMatchObject({ status: 200, replayed: true, body: first.body })
    await prepareDatabase(database, { migrateOnStart: false })
  })

  test('rolls a failed migration back as a whole and says which one it was', async () => {
    const database = await open(await databases.createDatabase())
    const known = await readMigrations()
    await expect(migrate(database, [...known, aMigration('create table public.half (id int); select 1 / 0;')])).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringContaining('29990101000000_break_things failed and was rolled back'),
    })
    expect(await recorded(database)).toEqual(namesOf(known))
    expect(await database.query(`select to_regclass('public.half') as half`)).toEqual([{ half: null }])
  })

  test.each(['begin; create table public.half (id int); commit; select 1 / 0', 'begin; create table public.half (id int)'])(
    'takes no file with transactions of its own, which could be half done and told as undone (%s)',
    async (sql) => {
      const database = await open(await databases.createDatabase())
      await expect(migrate(database, [...(await readMigrations()), aMigration(sql)])).rejects.toMatchObject({
        code: 'MIGRATION_FAILED',
        message: expect.stringMatching(/^Migration 29990101000000_break_things says "begin".*Take it out/),
      })
      const made = `select to_regclass('public.half') as half, to_regclass('sync.migrations') as migrations`
      expect(await database.query(made)).toEqual([{ half: null, migrations: null }])
    },
  )

  test('names a file that it would never apply', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'org-api-migrations-'))
    await writeFile(join(directory, 'create_notes.sql'), 'select 1')
    await expect(readMigrations({ directories: [directory] })).rejects.toThrow(/create_notes\.sql would never be applied.*20270101000000_/)
    await rm(directory, { recursive: true })
  })

  test('lets clicks through while somebody reads the table it wants to change', async () => {
    const url = await databases.createDatabase()
    const database = await open(url)
    await prepareDatabase(database)
    await seedDemo(database)
    const reader = await openSession(url)
    await reader.query('begin; select count(*) from public.appointments')
    let waits = 0
    const onWait = () => {
      waits += 1
    }
    const change = aMigration('alter table public.appointments add column room text')
    const migrating = migrate(await open(url), [...(await readMigrations()), change], { onWait })
    const clickers = await open(url)
    const tookMs: number[] = []
    while (waits < 3) {
      const from = performance.now()
      // Confirmed already after the first: what counts is that it waits for the table like any click.
      expect((await confirmBooking(clickers, anActionCall({ appointmentId: 'apt-123' }))).status).toBeLessThan(410)
      tookMs.push(performance.now() - from)
    }
    expect(Math.max(...tookMs)).toBeGreaterThan(1_000)
    expect(Math.max(...tookMs)).toBeLessThan(2_000)
    await reader.end()
    expect(await migrating).toEqual(['29990101000000_break_things'])
  }, 30_000)

  test('gives up on a table that is never free, and says so', async () => {
    const url = await databases.createDatabase()
    const database = await open(url)
    await prepareDatabase(database)
    const reader = await openSession(url)
    await reader.query('begin; select count(*) from public.appointments')
    const change = aMigration('alter table public.appointments add column room text')
    await expect(migrate(database, [...(await readMigrations()), change], { giveUpMs: 0 })).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringContaining('Somebody holds a table'),
    })
    await reader.end()
  })

  test('refuses a server whose transactions would not see the claims of others', async () => {
    const url = await databases.createDatabase()
    const admin = await openSession(url)
    await admin.query(`alter database ${new URL(url).pathname.slice(1)} set default_transaction_isolation = 'repeatable read'`)
    await admin.end()
    await expect(prepareDatabase(await open(url))).rejects.toMatchObject({
      code: 'UNSUITABLE_SETTING',
      message: expect.stringContaining('default_transaction_isolation'),
    })
  })

  test('needs no superuser, only an owner that may make roles', async () => {
    const url = new URL(await databases.createDatabase())
    const admin = await openSession(url.href)
    await admin.query(`create role plain_owner login createrole password 'plain'`)
    await admin.query(`alter database ${url.pathname.slice(1)} owner to plain_owner`)
    await admin.query(`alter schema public owner to plain_owner`)
    await admin.end()
    url.username = 'plain_owner'
    url.password = 'plain'
    const database = await open(url.href)
    await prepareDatabase(database)
    await seedDemo(database)
    expect(await confirmBooking(database, anActionCall({ appointmentId: 'apt-123' }))).toMatchObject({ status: 200 })
  })
})

test('a recorded answer stays the same bytes when the schema changes later', async () => {
  const database = await open(await databases.createDatabase())
  await prepareDatabase(database)
  await seedDemo(database)
  const call = anActionCall({ appointmentId: 'apt-123' })
  const first = await confirmBooking(database, call)
  await database.script(
    `alter table public.appointments add column room text default 'A'; alter table public.appointments drop column notes cascade`,
  )
  expect(await confirmBooking(database, call)).toEqual({ ...first, replayed: true })
})

describe('the Supabase CLI', () => {
  test('can apply every migration statement by statement, where Supabase has made its roles', async () => {
    const url = await databases.createDatabase()
    const session = await openSession(url)
    await session.query(await readFile(new URL('../../supabase/plain-postgres.sql', import.meta.url), 'utf8'))
    // What Supabase grants by default, and our migrations take back.
    await session.query('alter default privileges in schema public grant all on tables to anon, authenticated, service_role')
    for (const { sql } of await readMigrations()) {
      await session.query('begin')
      for (const text of splitStatements(sql)) await session.query({ text, queryMode: 'extended' } as never)
      await session.query('commit')
    }
    await session.query(await readFile(new URL('../../supabase/seed.sql', import.meta.url), 'utf8'))
    await session.end()
    const database = await open(url)
    await prepareDatabase(database)
    expect(await confirmBooking(database, anActionCall({ appointmentId: 'apt-123' }))).toMatchObject({ status: 200 })
  })
})

describe('the time limits of the role', () => {
  test('are named with the statements that set them, and then hold for clicks but not for migrations', async () => {
    const databaseUrl = await databases.createDatabase()
    const database = await open(databaseUrl)
    const statements = await missingTimeouts(database)
    expect(statements).toEqual([
      expect.stringMatching(/^alter role postgres in database test_\d+ set statement_timeout = '15s'$/),
      expect.stringMatching(/^alter role postgres in database test_\d+ set idle_in_transaction_session_timeout = '30s'$/),
    ])
    await database.script(statements.join(';'))
    const limited = await open(databaseUrl)
    expect(await missingTimeouts(limited)).toEqual([])

    await limited.script(statements.join(';').replace('15s', '50ms'))
    const hurried = await open(databaseUrl)
    await expect(hurried.query('select pg_sleep(1)')).rejects.toThrow(DatabaseUnavailableError)
    await hurried.script('select pg_sleep(0.1); select 1')
  })
})
