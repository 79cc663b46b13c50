import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { defineAction } from '@org/contracts'
import { Router } from 'express'
import * as z from 'zod/mini'
import { openTestDatabase } from '../src/engine/migrations/testing/openTestDatabase.js'
import { actionRoute, answer, inLedger, type Module, seedDemo } from '../src/index.js'
import { aKey, startTestApi, type TestApi } from './harness.js'
import { until } from './support/until.js'

const noteAdd = defineAction({
  name: 'note.add',
  path: '/notes/add',
  requestSchema: z.strictObject({ text: z.string() }),
  responseSchema: z.looseObject({ success: z.literal(true) }),
  lanes: () => ['notes'],
  overlays: () => [],
  rows: () => [],
  ttlMs: 60_000,
  keyRequired: true,
})

let api: TestApi
let turns = 0

beforeAll(async () => {
  const database = await openTestDatabase()
  await seedDemo(database)
  // A person may belong to many organisations; which one is meant, the request says, and the table decides.
  await database.script(`
    create table public.memberships (person text, organisation text);
    insert into public.memberships values ('user-456', 'org-1'), ('user-456', 'org-2'), ('user-999', 'org-2');`)
  const add = inLedger<{ text: string }>(database, async ({ tx, call, request }) => {
    const [row] = await tx.query(`select current_setting('request.jwt.claims')::jsonb ->> 'sub' as by`)
    return answer({ ...row, text: request.text, tenant: call.caller.tenant })
  })
  const router = Router()
  router.get('/notes/count', (_req, res) => void res.json({ turns }))
  const turn = async () => {
    turns += 1
    return true
  }
  const notes: Module = {
    name: 'notes',
    actions: [actionRoute(noteAdd, add)],
    routes: [router],
    tasks: [{ name: 'notes', everyMs: 1_000, turn }],
  }
  api = await startTestApi({
    database,
    start: {
      modules: [notes],
      tenantOf: async (claims, req) => {
        if (claims.role === 'service_role') return null
        const found = await database.query<{ organisation: string }>('select organisation from public.memberships where person = $1', [
          String(claims.sub),
        ])
        const mine = found.map(({ organisation }) => organisation)
        const asked = req.get('X-Organisation') ?? mine[0]
        return asked !== undefined && mine.includes(asked) ? asked : null
      },
    },
  })
})

afterAll(() => api.stop())

describe('a module of a team’s own', () => {
  it('takes its actions and reads at any address, behind the sign-in', async () => {
    const body = { text: 'Hi' }
    const key = aKey()
    const added = await api.request('/notes/add', { key, body })
    expect([added.status, added.body]).toEqual([200, { success: true, by: 'user-456', text: 'Hi', tenant: 'org-1' }])
    expect((await api.request('/notes/add', { key, body })).text).toBe(added.text)
    for (const path of ['/notes/add', '/NOTES/add/', '/notes/count', '//notes/count']) {
      const refused = await api.request(path, { user: null, ...(path.includes('count') ? {} : { key: aKey(), body }) })
      expect([path, [401, 404].includes(refused.status)]).toEqual([path, true])
    }
    expect((await api.request('/notes/count')).status).toBe(200)
    expect((await api.request('/notes/add')).status).toBe(405)
    expect((await api.request('/notes/none', { user: null })).status).toBe(404)
  })

  it('has its background work done', async () => {
    await until(async () => turns > 0)
  })
})

describe('an organisation by a table of memberships', () => {
  it.each([
    [undefined, 'org-1'],
    ['org-2', 'org-2'],
  ])('is one of the person’s own (%s)', async (asked, tenant) => {
    const headers: Record<string, string> = asked === undefined ? {} : { 'X-Organisation': asked }
    expect((await api.request('/api/session', { headers })).body).toEqual({ actor: 'user-456', tenant })
  })

  it.each(['org-3', 'org-1', '', 'ORG-2'])('is never one that a request merely names (%j)', async (asked) => {
    const refused = await api.request('/api/leads', { user: 'eve', headers: { 'X-Organisation': asked } })
    expect([refused.status, refused.body.code]).toEqual([401, 'UNAUTHENTICATED'])
  })

  it('keeps the keys of one person in two organisations apart', async () => {
    const key = aKey()
    const add = (tenant: string) => api.request('/notes/add', { key, body: { text: 'Hi' }, headers: { 'X-Organisation': tenant } })
    expect([(await add('org-1')).body.tenant, (await add('org-2')).body.tenant]).toEqual(['org-1', 'org-2'])
  })
})

describe('a token', () => {
  const ask = async (claims: Record<string, unknown>, path = '/api/session', started: TestApi = api) => {
    const token = await started.identity.issueToken({ user: 'ana', claims })
    return started.request(path, {
      user: null,
      headers: { authorization: `Bearer ${token}` },
      ...(path.includes('admin') ? { body: {} } : {}),
    })
  }

  it('of a service account acts for the organisation that its claim names, and is named as such', async () => {
    const byClaim = await startTestApi()
    const service = { role: 'service_role', sub: 'importer' }
    expect((await ask(service, '/api/session', byClaim)).body).toEqual({ actor: 'service:importer', tenant: 'org-1' })
    // One organisation's program does not decide for all of them.
    expect((await ask(service, '/api/admin/sms-breaker/reset', byClaim)).body.code).toBe('FORBIDDEN')
    const operator = { ...service, app_metadata: {} }
    expect((await ask(operator, '/api/session', byClaim)).body.code).toBe('FORBIDDEN')
    expect((await ask(operator, '/api/admin/sms-breaker/reset', byClaim)).status).toBe(200)
    await byClaim.stop()
  })

  it.each([
    ['a person who is called as a service account', { sub: 'service:importer' }],
    ['nobody', { sub: undefined }],
    ['a number', { sub: 7 }],
  ])('that names %s is refused', async (_name, claims) => {
    expect((await ask(claims)).body.code).toBe('UNAUTHENTICATED')
  })
})
