import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { defineAction, idSchema, rowIn } from '@org/contracts'
import { pino } from 'pino'
import * as z from 'zod/mini'
import { anActionAnswer } from '../src/engine/ledger/testing/anActionAnswer.js'
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
  errorCodes: {
    NAME_TAKEN: { status: 409, retryable: false, text: 'Another lead has this name.' },
    NAME_RUDE: { status: 422, retryable: false, text: 'Choose a kinder name.' },
  },
})

const RENAME_LEAD = `
create function sync.rename_lead(p_call sync.action_call, p_request jsonb) returns sync.outcome
language plpgsql volatile
as $$
declare
  v_row public.leads;
begin
  if p_request ->> 'name' = 'Taken' then
    return sync.reject('NAME_TAKEN', '{"takenBy": "lead-2"}');
  elsif p_request ->> 'name' = 'Refused' then
    perform sync.refuse('NOBODY_DECLARED');
  elsif p_request ->> 'name' = 'Archived' then
    raise exception 'lead is archived';
  elsif p_request ->> 'name' = 'Broken' then
    return row(42, '{}', null)::sync.outcome;
  end if;
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
/** What a `run` of the team's own gives. */
let answers: Parameters<typeof actionRoute>[1] extends (call: never, options: infer O) => infer Answer
  ? (options: O) => Awaited<Answer>
  : never
const lines: string[] = []

beforeAll(async () => {
  const database = await openTestDatabase()
  await database.script(RENAME_LEAD)
  await database.script("insert into public.leads (id, org_id, name, status) values ('lead-1', 'org-1', 'Before', 'new')")
  const run: Parameters<typeof actionRoute>[1] = (call, options) => runAction(database, { effect: 'rename_lead', call, options })
  const rename = actionRoute(leadRename, run, { perMinute: 2, forbids: ({ name }) => (name === 'Rude' ? 'NAME_RUDE' : null) })
  const broken = actionRoute({ ...leadRename, name: 'lead.break', path: '/api/leads/break' }, async (_call, options) => answers(options))
  api = await startTestApi({
    database,
    start: { actions: [rename, broken] },
    overrides: { log: pino({ level: 'warn' }, { write: (line) => lines.push(line) }) },
  })
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

describe('an action with codes of its own', () => {
  const rename = (name: string, key = aKey(), user: 'ben' | 'eve' = 'ben') =>
    api.request('/api/leads/rename', { user, key, body: { leadId: 'lead-1', name } })

  it('says no with them, as the effect or a rule before it decides', async () => {
    const key = aKey()
    const rejected = await rename('Taken', key)
    expect([rejected.status, rejected.body]).toEqual([
      409,
      { success: false, error: 'Another lead has this name.', code: 'NAME_TAKEN', retryable: false, takenBy: 'lead-2' },
    ])
    expect((await rename('Taken', key)).headers.get('idempotent-replayed')).toBe('true')
    expect([(await rename('Rude')).status, (await rename('Rude')).body]).toEqual([
      422,
      { success: false, error: 'Choose a kinder name.', code: 'NAME_RUDE', retryable: false },
    ])
  })

  it('says no with one that nobody declared, and serves on', async () => {
    const refused = await rename('Refused')
    expect([refused.status, refused.body.code, refused.body.retryable]).toEqual([422, 'NOBODY_DECLARED', false])
    expect(refused.headers.get('idempotency-outcome')).toBeNull()
  })

  it('tells the rule that refused it to the log, and not to the client', async () => {
    const refused = await rename('Archived')
    expect([refused.status, refused.body.code, refused.text.includes('archived')]).toEqual([422, 'EFFECT_REFUSED', false])
    expect(lines.join('')).toContain('P0001 lead is archived')
  })

  it('is told as our fault when it answers with what is no answer, with the reason in the log', async () => {
    const broken = await rename('Broken', aKey(), 'eve')
    expect([broken.status, broken.body.code, broken.headers.get('idempotency-key')]).toEqual([500, 'INTERNAL', expect.any(String)])
    expect(lines.join('')).toContain('The effect sync.rename_lead answered with status 42')
  })

  it('lists them in its description', async () => {
    const { body } = await api.request('/openapi.json', { user: null })
    const { responses } = body.paths['/api/leads/rename'].post
    expect([responses[409].description, responses[422].description]).toEqual([
      expect.stringContaining('NAME_TAKEN'),
      expect.stringContaining('NAME_RUDE'),
    ])
  })

  it.each(['a\u0000b', '\ud800', 'a\udfff'])('refuses the text %j for good before the database is asked', async (name) => {
    const refused = await rename(name)
    expect([refused.status, refused.body.code, refused.body.retryable]).toEqual([400, 'VALIDATION_FAILED', false])
  })

  it.each([
    ['no status', { status: null }],
    ['a status that is none', { status: 99 }],
    ['a status of text', { status: 'abc' }],
    ['no body', { body: undefined }],
    ['an object for a body', { body: {} }],
    ['nothing at all', null],
  ])('serves on when what it runs answers with %s', async (_what, fields) => {
    answers = () => (fields === null ? null : { ...anActionAnswer(), ...fields }) as never
    const broken = await api.request('/api/leads/break', { user: 'ben', key: aKey(), body: { leadId: 'lead-1', name: 'x' } })
    expect([broken.status, broken.body.code]).toEqual([500, 'INTERNAL'])
  })

  it('may not take a code that has a meaning everywhere', () => {
    const errorCodes = { NOT_FOUND: { status: 404, retryable: false, text: 'No.' } }
    expect(() => actionRoute({ ...leadRename, errorCodes }, async () => anActionAnswer())).toThrow(RangeError)
  })
})
