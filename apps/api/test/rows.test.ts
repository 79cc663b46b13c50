import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startTestApi, type TestApi } from './harness.js'

let api: TestApi

beforeAll(async () => {
  api = await startTestApi()
  await api.dependencies.database.script(`create schema shop;
    create domain shop.code as text check (value ~ '^[A-Z][0-9]$');
    create domain shop.positive as bigint check (value > 0);
    create type shop.size as enum ('small', 'large');
    create table shop.orders (id bigint generated always as identity primary key, org_id text, note text, secret text);
    call sync.track_table('shop.orders', p_columns => '{note}');
    insert into shop.orders (org_id, note, secret) select 'org-1', 'Note ' || n, 'hidden' from generate_series(1, 7) n;
    insert into shop.orders (org_id, note) values ('org-2', 'of others'), (null, 'of nobody')`)
})

afterAll(() => api.stop())

describe('GET /api/rows/:table', () => {
  it('pages through any tracked table, in the order of its own ids and with nothing that nobody named', async () => {
    const first = await api.request('/api/rows/orders?limit=5')
    expect(first.status).toBe(200)
    expect(first.body.rows[0]).toEqual({
      id: '1',
      org_id: 'org-1',
      version: 1,
      updated_at: expect.any(String),
      updated_by: null,
      last_mutation_key: null,
      note: 'Note 1',
    })
    const second = await api.request(`/api/rows/orders?limit=5&cursor=${first.body.nextCursor}`)
    expect([...first.body.rows, ...second.body.rows].map(({ id }: { id: string }) => id)).toEqual(['1', '2', '3', '4', '5', '6', '7'])
    expect(second.body.nextCursor).toBeNull()
  })

  it.each([
    ['text', ['', ' ', '  ', '0', 'a', 'A', 'ä', '%', "'", '"', '\\', '\n', '😀', 'x'.repeat(300)]],
    ['varchar(5)', ['', ' ', 'abc']],
    ['char(3)', ['a', 'ab', 'abc']],
    ['shop.code', ['A1', 'Z9']],
    ['shop.positive', ['1', '9007199254740993']],
    ['shop.size', ['small', 'large']],
    ['numeric', ['-1', '0.10', '0.2', '12345678901234567890.5', 'Infinity', 'NaN']],
    ['inet', ['192.0.2.1', '192.0.2.0/24', '2001:db8::1']],
    ['boolean', ['false', 'true']],
  ])('pages one by one through ids of the type %s', async (type, ids) => {
    const { database } = api.dependencies
    await database.script(`drop table if exists shop.odd cascade; create table shop.odd (id ${type} primary key, org_id text);
      call sync.track_table('shop.odd', p_columns => '{}')`)
    await database.write(`insert into shop.odd select i::${type}, 'org-1' from jsonb_array_elements_text($1::jsonb) i`, [
      JSON.stringify(ids),
    ])
    const expected = await database.query('select id::text as id from shop.odd o order by o.id')
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = await api.request(`/api/rows/odd?limit=1${cursor === null ? '' : `&cursor=${cursor}`}`)
      expect(page.status).toBe(200)
      seen.push(...page.body.rows.map(({ id }: { id: string }) => id))
      cursor = page.body.nextCursor
    } while (cursor !== null && seen.length <= ids.length)
    expect(seen).toEqual(expected.map(({ id }) => id))
  })

  it('shows each organisation its own', async () => {
    expect((await api.request('/api/rows/orders', { user: 'eve' })).body.rows).toMatchObject([{ note: 'of others' }])
    expect((await api.request('/api/rows/orders', { user: null })).status).toBe(401)
  })

  it('is the list of leads under another address, and knows no table that is not tracked', async () => {
    const [rows, leads] = [await api.request('/api/rows/leads?limit=3'), await api.request('/api/leads?limit=3')]
    expect(rows.body).toEqual({ rows: leads.body.leads, nextCursor: leads.body.nextCursor })
    for (const name of ['ledger', 'nothing', 'pg_class', 'a%22b', "x'y", '%00', 'tracked_tables'])
      expect([(await api.request(`/api/rows/${name}`)).body.code, name]).toEqual(['NOT_FOUND', name])
  })

  it('refuses a cursor that no page of this table gave, a wrong limit and another method', async () => {
    const { body } = await api.request('/api/leads?limit=1')
    expect((await api.request(`/api/rows/orders?cursor=${body.nextCursor}`)).body).toMatchObject({ code: 'VALIDATION_FAILED' })
    expect((await api.request('/api/rows/orders?limit=0')).body.code).toBe('VALIDATION_FAILED')
    expect((await api.request('/api/rows/orders', { body: {} })).body.code).toBe('METHOD_NOT_ALLOWED')
  })
})
