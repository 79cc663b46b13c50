import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { defineAction, idSchema, rowIn } from '@org/contracts'
import { startPostgres } from '@org/tooling/postgres'
import * as z from 'zod/mini'
import type { Database } from '../src/engine/database/Database.js'
import { openDatabase } from '../src/engine/database/openDatabase.js'
import { prepareDatabase } from '../src/engine/migrations/prepareDatabase.js'
import { openTestDatabase } from '../src/engine/migrations/testing/openTestDatabase.js'
import { actionRoute, runAction, seedDemo } from '../src/index.js'
import { aKey, startTestApi, type TestApi } from './harness.js'
import { endAll } from './support/endAll.js'

const leadId = 'lead-5'

/** An action as one deploy has it: `fields` of its request beside the lead, `answered` of its response. */
function renameAction(database: Database, { fields, answered }: { fields: z.core.$ZodLooseShape; answered: z.core.$ZodLooseShape }) {
  const action = defineAction({
    name: 'lead.rename',
    path: '/api/leads/rename',
    requestSchema: z.strictObject({ leadId: idSchema, name: z.string(), ...fields }),
    responseSchema: z.looseObject({ success: z.literal(true), ...answered }),
    lanes: (request: { leadId: string }) => [`lead:${request.leadId}:name`],
    overlays: () => [],
    rows: (response) => rowIn(response, 'lead', 'leads'),
    ttlMs: 60_000,
    keyRequired: true,
    refusals: ['NOT_FOUND'],
  })
  return actionRoute(action, (call, options) => runAction(database, { effect: 'rename_lead', call, options }))
}

const renameFunction = (answer: string) => `
create or replace function sync.rename_lead(p_call sync.action_call, p_request jsonb) returns sync.outcome
language plpgsql volatile
as $$
declare
  v_row public.leads;
begin
  update public.leads l set name = p_request ->> 'name'
  where l.id = p_request ->> 'leadId' and l.org_id = p_call.tenant
  returning * into v_row;
  return row(200, (jsonb_build_object('success', true, 'lead', sync.row_json(v_row)) || ${answer})::text, null)::sync.outcome;
end
$$;`

/** What the next deploy's migration does: a column with a default that every row shows, and another answer. */
const NEXT_MIGRATION = `
alter table public.leads add column source text not null default 'web';
call sync.use_leads('public.leads', p_columns => '{source}');
${renameFunction("jsonb_build_object('greeting', p_request ->> 'greeting')")}`

type Ends = (() => unknown)[]

async function openPostgres(ends: Ends): Promise<Database> {
  const server = await startPostgres()
  ends.unshift(() => server.stop())
  const database = await openDatabase({ databaseUrl: await server.createDatabase(), dataDirectory: ':memory:' })
  ends.unshift(() => database.close())
  await prepareDatabase(database)
  return database
}

async function openEmbedded(ends: Ends): Promise<Database> {
  const database = await openTestDatabase()
  ends.unshift(() => database.close())
  return database
}

describe.each([
  ['Postgres', openPostgres],
  ['PGlite', openEmbedded],
])('a replay after a deploy that changed the shapes, on %s', (_name, open) => {
  let before: TestApi
  let after: TestApi
  const ends: Ends = []

  beforeAll(async () => {
    const database = await open(ends)
    await seedDemo(database)
    await database.script(`${renameFunction("'{}'::jsonb")} call sync.define_action('rename_lead');`)
    before = await startTestApi({ database, start: { actions: [renameAction(database, { fields: {}, answered: {} })] } })
    ends.unshift(() => before.stop())
    const grown = renameAction(database, {
      fields: { greeting: z._default(z.string(), 'Dear'), source: z.optional(z.string()) },
      answered: { greeting: z.string() },
    })
    after = await startTestApi({ database, start: { actions: [grown] } })
    ends.unshift(() => after.stop())
  })

  afterAll(() => endAll(...ends))

  it('gives the bytes of the first answer: of an action that grew, of a row that grew, and of a rejection', async () => {
    const clicks: [string, object][] = [
      ['/api/leads/rename', { leadId, name: 'Anna' }],
      ['/api/leads/update-status', { leadId: 'lead-4', status: 'lost' }],
      ['/api/leads/update-status', { leadId: 'lead-4', status: 'lost' }],
      ['/api/leads/update-status', { leadIds: ['lead-1', 'lead-2', 'no-such'], status: 'qualified' }],
    ]
    const recorded = []
    for (const [path, body] of clicks) {
      const key = aKey()
      recorded.push({ path, body, key, first: await before.request(path, { key, body }) })
    }
    expect(recorded.map(({ first }) => first.status)).toEqual([200, 200, 409, 207])
    await before.dependencies.database.script(NEXT_MIGRATION)

    for (const { path, body, key, first } of recorded) {
      const replay = await after.request(path, { key, body })
      expect([replay.status, replay.text]).toEqual([first.status, first.text])
      expect(replay.headers.get('idempotent-replayed')).toBe('true')
      expect(replay.text).not.toContain('source')
    }
    const fresh = await after.request('/api/leads/rename', { key: aKey(), body: { leadId, name: 'Bea' } })
    expect(fresh.body).toMatchObject({ greeting: 'Dear', lead: { name: 'Bea', source: 'web', version: 3 } })
  })

  it('is no reuse of the key because of a default: what was sent decides, not what it means today', async () => {
    const key = aKey()
    const body = { leadId, name: 'Cleo' }
    const first = await after.request('/api/leads/rename', { key, body })
    expect(first.body.greeting).toBe('Dear')
    // The older replica of a rolling deploy knows no greeting, and needs none to find the answer.
    expect((await before.request('/api/leads/rename', { key, body })).text).toBe(first.text)
    const spelledOut = await after.request('/api/leads/rename', { key, body: { ...body, greeting: 'Dear' } })
    expect([spelledOut.status, spelledOut.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
  })

  it('is found although the new shape would refuse it', async () => {
    const key = aKey()
    const body = { leadId, name: 'Dora', greeting: 'Hi' }
    const first = await after.request('/api/leads/rename', { key, body })
    const replay = await before.request('/api/leads/rename', { key, body })
    expect([replay.status, replay.text]).toEqual([200, first.text])
    expect((await before.request('/api/leads/rename', { key: aKey(), body })).status).toBe(400)
  })

  it('counts a fingerprint of an unknown version as a match, and says so', async () => {
    const key = aKey()
    const body = { leadId, name: 'Eli' }
    const first = await before.request('/api/leads/rename', { key, body })
    await before.dependencies.database.write(`update sync.ledger set fingerprint = 'v0:' || fingerprint where key = $1`, [key])
    expect((await after.request('/api/leads/rename', { key, body })).text).toBe(first.text)
    expect((await after.request('/metrics', { user: null })).text).toContain('idempotency_foreign_fingerprints_total 1')
  })
})
