import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Database } from '../../src/engine/database/Database.js'
import { DatabaseUnavailableError } from '../../src/engine/database/DatabaseError.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { anActionCall } from '../../src/engine/ledger/testing/anActionCall.js'
import { migrate, readMigrations } from '../../src/engine/migrations/migrate.js'
import { missingTimeouts } from '../../src/engine/migrations/missingTimeouts.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { confirmBooking } from '../../src/modules/bookings/confirmBooking.js'
import { seedDemo } from '../../src/modules/crm/seedDemo.js'
import { openSession } from './openSession.js'
import { splitStatements } from './splitStatements.js'
import { startTestPostgres, type TestPostgres } from './startTestPostgres.js'

let server: TestPostgres
const opened: Database[] = []

beforeAll(async () => {
  server = await startTestPostgres()
})

afterAll(async () => {
  await Promise.all(opened.map((database) => database.close()))
  await server.stop()
})

async function open(databaseUrl: string): Promise<Database> {
  const database = await openDatabase({ databaseUrl, dataDirectory: ':memory:', poolSize: 2 })
  opened.push(database)
  return database
}

const versions = async (database: Database) =>
  (await database.query('select version from sync.migrations order by version')).map(({ version }) => version)

describe('the files', () => {
  test('are named for the Supabase CLI and register themselves before they do anything else', async () => {
    const migrations = await readMigrations()
    expect(migrations.length).toBeGreaterThan(0)
    for (const [index, { version, name, sql }] of migrations.entries()) {
      const statements = splitStatements(sql).map((statement) => statement.replace(/^(--[^\n]*\n|\s)+/, ''))
      const register = `insert into sync.migrations (version, name) values ('${version}', '${name}')`
      // The first one makes the schema and the table it registers in.
      expect(statements.indexOf(register)).toBe(index === 0 ? 3 : 0)
    }
  })
})

describe('the runner', () => {
  test('applies everything once, and nothing the second time', async () => {
    const database = await open(await server.createDatabase())
    await migrate(database)
    await migrate(database)
    expect(await versions(database)).toEqual((await readMigrations()).map(({ version }) => version))
  })

  test('is safe when several replicas start at once', async () => {
    const url = await server.createDatabase()
    const replicas = await Promise.all(Array.from({ length: 4 }, () => open(url)))
    await Promise.all(replicas.map((replica) => prepareDatabase(replica)))
    const epochs = await Promise.all(replicas.map((replica) => replica.query('select sync.open_epoch() as epoch')))
    expect(new Set(epochs.map(([row]) => row?.epoch)).size).toBe(1)
    expect(await versions(replicas[0] as Database)).toEqual((await readMigrations()).map(({ version }) => version))
  })

  test('refuses a database that a later version migrated', async () => {
    const database = await open(await server.createDatabase())
    await migrate(database)
    await database.write(`insert into sync.migrations (version, name) values ('29990101000000', 'of_tomorrow')`)
    await expect(prepareDatabase(database)).rejects.toMatchObject({
      code: 'SCHEMA_TOO_NEW',
      message: expect.stringContaining('29990101000000'),
    })
  })

  test('rolls a failed migration back as a whole and says which one it was', async () => {
    const database = await open(await server.createDatabase())
    const known = await readMigrations()
    const broken = {
      version: '29990101000000',
      name: 'break_things',
      sql: `insert into sync.migrations (version, name) values ('29990101000000', 'break_things'); create table public.half (id int); select 1 / 0;`,
    }
    await expect(migrate(database, [...known, broken])).rejects.toMatchObject({
      code: 'MIGRATION_FAILED',
      message: expect.stringContaining('29990101000000_break_things failed and was rolled back'),
    })
    expect(await versions(database)).toEqual(known.map(({ version }) => version))
    expect(await database.query(`select to_regclass('public.half') as half`)).toEqual([{ half: null }])
  })

  test('refuses a server whose transactions would not see the claims of others', async () => {
    const url = await server.createDatabase()
    const admin = await openSession(url)
    await admin.query(`alter database ${new URL(url).pathname.slice(1)} set default_transaction_isolation = 'repeatable read'`)
    await admin.end()
    await expect(prepareDatabase(await open(url))).rejects.toMatchObject({
      code: 'UNSUITABLE_SETTING',
      message: expect.stringContaining('default_transaction_isolation'),
    })
  })

  test('needs no superuser, only an owner that may make roles', async () => {
    const url = new URL(await server.createDatabase())
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
  const database = await open(await server.createDatabase())
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
    const url = await server.createDatabase()
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
    const databaseUrl = await server.createDatabase()
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
