import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Config, createDependencies, type Dependencies, loadConfig, type RunningApi, startApi } from '@org/api'
import { pages, readSamples } from './samples.js'

const ACCOUNT = '11111111-0000-4000-8000-000000000000'
const ANA = { kind: 'user', actor: 'user-456', tenant: ACCOUNT } as const

/** The SQL of the page in order: what a team has, what it adds, and what takes that back. */
async function sqlOfThePage(): Promise<{ theirs: string; added: string[]; back: string }> {
  const page = (await pages()).find((path) => path.endsWith('adopt.md'))!
  const sql = (await readSamples(page)).filter(({ language }) => language === 'sql').map(({ text }) => text)
  return { theirs: sql[0]!, added: sql.slice(1, -1), back: sql.at(-1)! }
}

describe('adopting it in an existing project', () => {
  let sql: Awaited<ReturnType<typeof sqlOfThePage>>
  let data: string
  const open: { stop(): Promise<void> }[] = []

  beforeAll(async () => {
    sql = await sqlOfThePage()
    data = await mkdtemp(join(tmpdir(), 'adopt-'))
  })

  afterAll(async () => {
    for (const api of open) await api.stop()
    await rm(data, { recursive: true, force: true })
  })

  /** A project with tables of its own and the page's migrations, each sample a file. */
  async function project(name: string): Promise<Config> {
    const migrations = join(data, name, 'migrations')
    await mkdir(migrations, { recursive: true })
    for (const [n, text] of [sql.theirs, ...sql.added].entries()) await writeFile(join(migrations, `${n + 1}_sample.sql`), text)
    return loadConfig({
      NODE_ENV: 'test',
      PORT: '0',
      DATA_DIR: join(data, name, 'postgres'),
      MODULES: 'bookings,leads,sms',
      MIGRATIONS_DIRS: migrations,
      LOG_LEVEL: 'silent',
      JWKS_URL: 'http://127.0.0.1:1',
    })
  }

  const prepare = (config: Config) => createDependencies(config, { verifyToken: async () => ANA })

  async function click(api: RunningApi, leadId: string, status: string): Promise<{ status: number; body: { lead?: { status: string } } }> {
    const answer = await fetch(`${api.url}/api/leads/update-status`, {
      method: 'POST',
      headers: { Authorization: 'Bearer any', 'Content-Type': 'application/json', 'Idempotency-Key': `adopt-sample-${status}-0001` },
      body: JSON.stringify({ leadId, status }),
    })
    return { status: answer.status, body: await answer.json() }
  }

  async function aContact({ database }: Dependencies): Promise<string> {
    const [row] = await database.write<{ id: string }>(
      "insert into crm.contacts (account_id, full_name) values ($1::uuid, 'Anna Kim') returning contact_id::text as id",
      [ACCOUNT],
    )
    return row!.id
  }

  it.each(['the first time', 'the second time'])('works from an empty database, %s', async (name) => {
    const config = await project(name)
    // People restart: what was made the first time must not stand in the way of the second.
    await (await prepare(config)).close()
    const dependencies = await prepare(config)
    const api = await startApi(dependencies)
    open.push(api)
    const id = await aContact(dependencies)
    expect(await click(api, id, 'won')).toMatchObject({
      status: 200,
      body: { lead: { id, status: 'won', name: 'Anna Kim', org_id: ACCOUNT } },
    })
    expect(await dependencies.database.query('select stage from crm.contacts')).toEqual([{ stage: 'customer' }])
  })

  it('works over data that is there, again over itself, and is taken back whole', async () => {
    const config = await project('existing')
    const dependencies = await prepare(config)
    const { database } = dependencies
    const columns = async () =>
      database.query("select table_name, column_name from information_schema.columns where table_schema = 'crm' order by 1, 2")
    const id = await aContact(dependencies)
    for (let run = 0; run < 2; run += 1) for (const text of sql.added) await database.script(text)
    const api = await startApi(dependencies)
    open.push(api)
    expect(await click(api, id, 'contacted')).toMatchObject({ status: 200, body: { lead: { version: 2 } } })

    await database.script(sql.back)
    const after = await columns()
    expect(after.filter(({ column_name }) => String(column_name).startsWith('sync_'))).toEqual([])
    expect(
      await database.query("select tgname from pg_trigger where tgname like 'zz_sync%' and tgrelid::regclass::text like 'crm.%'"),
    ).toEqual([])
    expect(await database.query('select stage from crm.contacts')).toEqual([{ stage: 'contacted' }])
    for (const text of sql.added) await database.script(text)
  })
})
