import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { defineAction, idSchema, rowIn } from '@org/contracts'
import * as z from 'zod/mini'
import { openTestDatabase } from '../src/engine/migrations/testing/openTestDatabase.js'
import { actionRoute, runAction } from '../src/index.js'
import { aKey, startTestApi, type TestApi } from './harness.js'

const leadRename = defineAction({
  name: 'lead.rename',
  path: '/api/leads/rename',
  requestSchema: z.strictObject({ leadId: idSchema, name: z.string().check(z.minLength(1)) }),
  responseSchema: z.looseObject({ success: z.literal(true) }),
  lanes: ({ leadId }) => [`lead:${leadId}:name`],
  overlays: ({ leadId, name }) => [{ table: 'leads', id: leadId, patch: { name } }],
  rows: (response) => rowIn(response, 'lead', 'leads'),
  ttlMs: 60_000,
  keyRequired: true,
  refusals: ['NOT_FOUND'],
})

const RENAME_LEAD = `
create function sync.rename_lead(p_call sync.action_call, p_request jsonb) returns sync.outcome
language plpgsql volatile
as $$
declare
  v_row public.leads;
begin
  update public.leads l set name = p_request ->> 'name'
  where l.id = p_request ->> 'leadId' and l.org_id = p_call.tenant
  returning * into v_row;
  if not found then
    perform sync.refuse('NOT_FOUND');
  end if;
  return row(200, jsonb_build_object('success', true, 'lead', sync.row_json(v_row))::text, null)::sync.outcome;
end
$$;
call sync.define_action('rename_lead');`

let api: TestApi

beforeAll(async () => {
  const database = await openTestDatabase()
  await database.script(RENAME_LEAD)
  await database.script("insert into public.leads (id, org_id, name, status) values ('lead-1', 'org-1', 'Before', 'new')")
  const rename = actionRoute(leadRename, (call, options) => runAction(database, { effect: 'rename_lead', call, options }), { perMinute: 2 })
  api = await startTestApi({ database, start: { actions: [rename] } })
})

afterAll(() => api.stop())

it('an action of one’s own gets all the built-in ones have, for one definition, one function and one line', async () => {
  const key = aKey()
  const rename = (name: string, options: { key?: string; leadId?: string } = {}) =>
    api.request('/api/leads/rename', { key: options.key ?? aKey(), body: { leadId: options.leadId ?? 'lead-1', name } })

  const first = await rename('After', { key })
  expect(first.body).toMatchObject({ success: true, lead: { name: 'After', version: 2, updated_by: 'user-456', last_mutation_key: key } })
  expect((await rename('After', { key })).text).toBe(first.text)
  expect((await rename('Other', { key })).body.code).toBe('IDEMPOTENCY_KEY_REUSED')
  expect((await rename('After', { leadId: 'no-such' })).body.code).toBe('NOT_FOUND')
  expect((await rename('', {})).body.code).toBe('VALIDATION_FAILED')
  expect((await rename('Second')).status).toBe(200)
  expect((await rename('Third')).body.code).toBe('RATE_LIMITED')
  expect((await api.request('/openapi.json', { user: null })).body.paths).toHaveProperty(['/api/leads/rename'])
})
