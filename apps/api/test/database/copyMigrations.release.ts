import { execFile } from 'node:child_process'
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { Database } from '../../src/engine/database/Database.js'
import { anActionCall } from '../../src/engine/ledger/testing/anActionCall.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { readMigrations } from '../../src/engine/migrations/readMigrations.js'
import { seedDemo } from '../../src/modules/crm/seedDemo.js'
import { updateLeadStatus } from '../../src/modules/leads/updateLeadStatus.js'
import { builtApi } from '../replicas/builtApi.js'
import { splitStatements } from './splitStatements.js'
import { TestDatabases } from './TestDatabases.js'

let databases: TestDatabases
let main = ''
let directory = ''
const directories: string[] = []

beforeAll(async () => {
  ;[databases, main] = await Promise.all([TestDatabases.start(), builtApi()])
}, 120_000)

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'copied-')), 'supabase/migrations')
  directories.push(directory)
})

afterAll(async () => {
  await Promise.all(directories.map((path) => rm(path, { recursive: true, force: true })))
  await databases.stop()
})

interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** `org-api …` as a team runs it: no database, no setting but those named. */
function orgApi(words: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const run = promisify(execFile)(process.execPath, [main, ...words], { env: { PATH: process.env.PATH ?? '', ...env } })
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  )
}

const copy = (...more: string[]) => orgApi(['migrations', 'copy', '--to', directory, ...more])
const copied = async () => (await readdir(directory)).sort()
const originals = async () => (await readMigrations()).map(({ version, name }) => `${version}_${name}.sql`)

/** As a tool that knows nothing of us: file by file in the order of their names, statement by statement. */
async function applyAsAnotherTool(): Promise<Database> {
  const database = await databases.open(await databases.createDatabase())
  for (const file of await copied()) {
    for (const statement of splitStatements(await readFile(join(directory, file), 'utf8'))) await database.script(statement)
  }
  return database
}

test('copies the very files, once', async () => {
  const first = await copy()
  expect([first.code, first.stderr]).toEqual([0, ''])
  expect(await copied()).toEqual(await originals())
  for (const { version, name, sql } of await readMigrations()) {
    expect(await readFile(join(directory, `${version}_${name}.sql`), 'utf8')).toBe(sql)
  }
  const second = await copy()
  expect([second.code, second.stdout]).toEqual([0, `All ${(await originals()).length} migrations are there already.\n`])
  expect(await copied()).toEqual(await originals())
})

test('leaves out the modules that are left out, and brings one later', async () => {
  await orgApi(['migrations', 'copy', '--to', directory], { MODULES: 'none' })
  expect((await copied()).map((file) => file.replace(/^\d+_/, ''))).toEqual(['engine_create.sql'])
  await orgApi(['migrations', 'copy', '--to', directory], { MODULES: 'bookings' })
  expect((await copied()).map((file) => file.replace(/^\d+_/, ''))).toEqual(['engine_create.sql', 'bookings_create.sql'])
})

test('copies nothing over a file that somebody changed, and says which and what to do', async () => {
  await copy()
  const [first = '', second = ''] = await copied()
  await appendFile(join(directory, first), '-- our own addition\n')
  await rm(join(directory, second))
  const { code, stderr } = await copy()
  expect(code).toBe(1)
  expect(stderr).toContain(join(directory, first))
  expect(stderr).toContain('somebody changed it, so nothing was copied')
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(await copied()).not.toContain(second)
  expect(await readFile(join(directory, first), 'utf8')).toContain('our own addition')
})

test.each([[['migrations']], [['migrations', 'copy']], [['migrations', 'copy', '--to']], [['migrations', 'copy', '--from', 'x']]])(
  'shows how it is used after %j',
  async (words) => {
    const { code, stderr } = await orgApi(words)
    expect([code, stderr]).toEqual([2, expect.stringContaining('org-api migrations copy --to <dir>')])
  },
)

test('says in one line when it cannot write there', async () => {
  directory = join(tmpdir(), 'a-file-is-no-directory')
  directories.push(directory)
  await writeFile(directory, '')
  const { code, stderr } = await copy()
  expect([code, stderr.trim().split('\n').length]).toEqual([1, 1])
  expect(stderr).toContain('cannot be copied')
})

test('another tool applies the copies behind a team’s own, and the API knows where it stands', async () => {
  await copy('--plain-postgres')
  const theirs = '20251231000000_create_their_own.sql'
  await writeFile(join(directory, theirs), 'create schema crm; create table crm.notes (id int);')
  const database = await applyAsAnotherTool()
  await prepareDatabase(database, { migrateOnStart: false })
  expect(await database.query('select sync.schema_version() as standing')).toMatchObject([{ standing: { version: expect.any(String) } }])
  // Nor does a start that may migrate do anything again.
  await prepareDatabase(database)
  expect(await database.query(`select to_regclass('crm.notes') is not null as kept`)).toEqual([{ kept: true }])
  await seedDemo(database)
  expect(await updateLeadStatus(database, anActionCall({ leadId: 'lead-123', status: 'qualified' as const }))).toMatchObject({
    status: 200,
  })
})

test('copies among younger files get versions behind them, which changes nothing for the API', async () => {
  await orgApi(['migrations', 'copy', '--to', directory, '--plain-postgres'], { MODULES: 'none' })
  await writeFile(join(directory, '29990101000000_create_their_own.sql'), 'create schema crm; create table crm.notes (id int);')
  await copy()
  const behind = (await copied()).filter((name) => name > '29990101000000_create_their_own.sql')
  expect(behind.map((name) => name.replace(/^\d+_/, ''))).toEqual((await originals()).slice(1).map((name) => name.replace(/^\d+_/, '')))
  await prepareDatabase(await applyAsAnotherTool(), { migrateOnStart: false })
  expect((await copy()).stdout).toContain('there already')
})
