import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Database } from '../../src/engine/database/Database.js'
import { runAction } from '../../src/engine/ledger/runAction.js'
import { ANA, anActionCall } from '../../src/engine/ledger/testing/anActionCall.js'
import { type PrepareOptions, prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { updateLeadStatus } from '../../src/modules/leads/updateLeadStatus.js'
import { TestDatabases } from './TestDatabases.js'

let databases: TestDatabases
let directory: string

beforeAll(async () => {
  databases = await TestDatabases.start()
  directory = await mkdtemp(join(tmpdir(), 'org-api-adoption-'))
})

afterAll(async () => {
  await databases.stop()
  await rm(directory, { recursive: true })
})

const open = (databaseUrl: string): Promise<Database> => databases.open(databaseUrl)

/** A start as a team makes it, with migrations of its own. */
async function theirs(name: string, files: Record<string, string>): Promise<PrepareOptions> {
  const folder = await mkdtemp(join(directory, `${name}-`))
  for (const [file, sql] of Object.entries(files)) await writeFile(join(folder, file), sql)
  return { directories: [folder] }
}

describe('a database that has a table named leads', () => {
  const LEADS = `create table public.leads (id bigint generated always as identity primary key, company_id bigint not null, status text not null default 'new');
    insert into public.leads (company_id) values (1), (1)`

  test('starts without crm, with that very table mapped, and again', async () => {
    const url = await databases.createDatabase()
    await (await open(url)).script(LEADS)
    const { directories } = await theirs('own-leads', { '1_map.sql': "call sync.use_leads('public.leads', p_tenant => 'company_id')" })
    const options = { ...(directories && { directories }), modules: ['leads'], leftOut: ['crm', 'bookings', 'sms'], tables: ['leads'] }
    for (let start = 0; start < 2; start += 1) await prepareDatabase(await open(url), options)
    const answer = await updateLeadStatus(
      await open(url),
      anActionCall({ leadId: '2', status: 'won' }, { caller: { actor: 'ana', tenant: '1' } }),
    )
    expect(JSON.parse(answer.body)).toMatchObject({ success: true, lead: { id: '2', org_id: '1', status: 'won', name: null, phone: null } })
  })

  test('is told to leave crm out, and nothing of crm is half made', async () => {
    const url = await databases.createDatabase()
    const database = await open(url)
    await database.script(LEADS)
    await expect(prepareDatabase(database)).rejects.toMatchObject({ message: expect.stringContaining('leave "crm" out of MODULES') })
    expect(await database.query("select to_regclass('public.appointments') as made")).toEqual([{ made: null }])
    await prepareDatabase(database, { modules: ['sms'], leftOut: ['crm'] })
  })
})

describe('an action of a team’s own', () => {
  const ACTION = `create or replace function sync.touch_lead(p_call sync.action_call, p_request jsonb) returns sync.outcome language plpgsql volatile as $$
    begin
      update public.leads l set name = p_request ->> 'name' where l.id = p_request ->> 'leadId' and l.org_id = p_call.tenant;
      return row(200, '{"success": true}', null)::sync.outcome;
    end
    $$;
    call sync.define_action('touch_lead');`

  test('starts again and again, and with three replicas at once on a new database', async () => {
    const options = await theirs('own-action', { '20270101000000_touch.sql': ACTION })
    const url = await databases.createDatabase()
    await Promise.all(Array.from({ length: 3 }, async () => prepareDatabase(await open(url), options)))
    for (let start = 0; start < 2; start += 1) await prepareDatabase(await open(url), options)
    expect(
      await runAction(await open(url), { effect: 'touch_lead', call: anActionCall({ leadId: 'x', name: 'y' }, { caller: ANA }) }),
    ).toMatchObject({
      status: 200,
    })
  })
})

describe('a table that a team changes', () => {
  const TABLES = `create schema crm; create table crm.contacts (id int primary key, org_id text not null, full_name text, "Stage" text not null default 'new', since timestamptz);
    call sync.use_leads('crm.contacts', p_name => 'full_name', p_status => 'Stage', p_status_changed_at => 'since');
    create table crm.notes (id int primary key, org_id text, text text, extra text); call sync.track_table('crm.notes', p_columns => '{text}');
    insert into crm.contacts values (1, 'o', 'Ada'); insert into crm.notes values (1, 'o', 'a')`
  const USE = (names: string) => `call sync.use_leads('crm.contacts', ${names})`

  test.each([
    [
      'the status',
      'alter table crm.contacts rename column "Stage" to stage',
      'no column "Stage"',
      USE("p_name => 'full_name', p_status => 'stage', p_status_changed_at => 'since'"),
    ],
    [
      'its instant',
      'alter table crm.contacts rename column since to changed',
      'no column "since"',
      USE("p_name => 'full_name', p_status => 'Stage', p_status_changed_at => 'changed'"),
    ],
    [
      'the name',
      'alter table crm.contacts rename column full_name to name',
      'no column "full_name"',
      USE("p_status => 'Stage', p_status_changed_at => 'since'"),
    ],
    [
      'the id',
      'alter table crm.notes rename column id to note',
      'no column "id"',
      "call sync.track_table('crm.notes', p_id => 'note', p_columns => '{text}')",
    ],
    [
      'a column with all that hangs on it',
      'alter table crm.notes drop column text cascade',
      'no column "text"',
      "call sync.track_table('crm.notes', p_columns => '{extra}')",
    ],
    [
      'the table',
      'alter table crm.notes rename to remarks',
      'it was crm.notes before',
      "call sync.track_table('crm.remarks', p_as => 'notes', p_columns => '{text}')",
    ],
    [
      'the schema',
      'alter schema crm rename to sales',
      'it was crm.contacts before',
      `${USE("p_name => 'full_name', p_status => 'Stage', p_status_changed_at => 'since'").replace('crm', 'sales')}; call sync.track_table('sales.notes', p_columns => '{text}')`,
    ],
  ])('and not here (%s) is named at the next start, with the call that mends it', async (_what, change, trouble, mend) => {
    const url = await databases.createDatabase()
    const options: PrepareOptions = { modules: ['leads'], leftOut: ['crm', 'bookings', 'sms'], tables: ['leads'] }
    const database = await open(url)
    await prepareDatabase(database, { ...options, tables: [] })
    await database.script(TABLES)
    await prepareDatabase(database, options)
    await database.script(change)
    const start = prepareDatabase(database, options)
    await expect(start).rejects.toMatchObject({ code: 'TABLE_CHANGED', message: expect.stringContaining(trouble) })
    await expect(start).rejects.toThrow(/call sync\.(use_leads|track_table)\(…\)/)
    await database.script(mend)
    await prepareDatabase(database, options)
    const tables = await database.query<{ relation: string }>('select relation::text from sync.tracked_tables')
    for (const { relation } of tables) await database.script(`update ${relation} set org_id = 'p'; delete from ${relation}`)
  })

  test('is changed in one file with what tells it, also where a type changes or a column goes', async () => {
    const database = await open(await databases.createDatabase())
    await prepareDatabase(database, { modules: ['leads'], leftOut: ['crm', 'bookings', 'sms'] })
    await database.script(TABLES)
    await expect(database.script('alter table crm.notes drop column text')).rejects.toMatchObject({ code: '2BP01' })
    await database.script(`call sync.untrack_table('crm.notes'); alter table crm.notes drop column text, alter column extra type varchar(20);
      call sync.track_table('crm.notes', p_columns => '{extra}')`)
    await database.script("update crm.notes set extra = 'b'")
    expect(await database.query('select sync_version from crm.notes')).toEqual([{ sync_version: '2' }])
  })

  test('is none of a start’s business once it is dropped, unless a module works on it', async () => {
    const database = await open(await databases.createDatabase())
    const options: PrepareOptions = { modules: ['leads'], leftOut: ['crm', 'bookings', 'sms'], tables: ['leads'] }
    await prepareDatabase(database, { ...options, tables: [] })
    await database.script(`${TABLES}; drop table crm.notes cascade`)
    await prepareDatabase(database, options)
    await database.script('drop table crm.contacts cascade')
    await expect(prepareDatabase(database, options)).rejects.toMatchObject({
      code: 'TABLE_CHANGED',
      message: expect.stringContaining('it was dropped'),
    })
  })
})
