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
