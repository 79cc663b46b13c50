import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type PostgresServer, startPostgres } from '@org/tooling/postgres'
import type { SupabaseClient } from '@supabase/supabase-js'
import type { Database } from '../../src/engine/database/Database.js'
import { openDatabase } from '../../src/engine/database/openDatabase.js'
import { prepareDatabase } from '../../src/engine/migrations/prepareDatabase.js'
import { endAll } from '../support/endAll.js'
import { until } from '../support/until.js'
import { insertLeads } from './realtime/messages.js'
import { openRealtimeOn, type RealtimeOnDatabase } from './realtime/openRealtimeDatabase.js'

let server: PostgresServer
let database: Database
let realtime: RealtimeOnDatabase
let refTimers: () => void

beforeAll(async () => {
  refTimers = unrefTimers()
  server = await startPostgres()
  const url = await server.createDatabase()
  database = await openDatabase({ databaseUrl: url, dataDirectory: ':memory:' })
  await prepareDatabase(database)
  await database.write(`update sync.settings set broadcast_wait = '5 seconds'`)
  realtime = await openRealtimeOn(database, url)
})

afterAll(() =>
  endAll(
    () => realtime.close(),
    () => database.close(),
    () => server.stop(),
    () => refTimers(),
  ),
)

/** supabase-js leaves timers behind, which must not keep the process alive. */
function unrefTimers(): () => void {
  const { setTimeout: realTimeout } = globalThis
  const unrefd = (task: () => void, delayMs?: number) => realTimeout(task, delayMs).unref()
  const spy = jest.spyOn(globalThis, 'setTimeout').mockImplementation(unrefd as typeof setTimeout)
  return () => spy.mockRestore()
}

interface Heard {
  status: string | null
  error: string | null
  messages: { changes?: { new: { org_id: string } | null }[]; hint?: boolean }[]
}

/** Joins a private channel and resolves once that was answered. */
async function join(client: SupabaseClient, topic: string): Promise<Heard> {
  const heard: Heard = { status: null, error: null, messages: [] }
  client
    .channel(topic, { config: { private: true } })
    .on('broadcast', { event: '*' }, ({ payload }) => heard.messages.push(payload))
    .subscribe((status, error) => {
      heard.status ??= status
      heard.error ??= error?.message ?? null
    })
  await until(() => heard.status !== null)
  return heard
}

const organisationsOf = ({ messages }: Heard) => messages.flatMap(({ changes = [] }) => changes.map((change) => change.new?.org_id))

const ORGANISATIONS = ['org-1', 'org', 'org-1:x', 'leads:org-1', 'a/b', 'ü', 'u\u0308', '%', "'"]

/** Names somebody could think of to hear `other` with. */
const spellings = (own: string, other: string) => [
  `sync:leads:${other}`,
  `sync:leads:${own}:${other}`,
  `sync:leads:${other}:${own}`,
  `sync:leads:${own}/${other}`,
  `sync:leads:${own},${other}`,
  `sync:${own}:leads:${other}`,
  `sync:leads:${other} `,
  `sync:leads:%`,
  `realtime:sync:leads:${other}`,
  `SYNC:leads:${other}`,
]

describe('whoever asks for channels of every name they can think of', () => {
  test.each(ORGANISATIONS)('hears the own organisation alone, as one of %j', async (own) => {
    const client = await realtime.client(own)
    const topics = new Set(ORGANISATIONS.flatMap((other) => spellings(own, other)))
    // A hundred channels is all that a connection may have.
    const asked = [...topics].filter((topic) => topic !== `sync:leads:${own}`)
    const heard: Heard[] = []
    for (const topic of asked) {
      const one = await join(client, topic)
      if (one.status === 'SUBSCRIBED') heard.push(one)
      else expect(one.error).toContain(`Unauthorized: You do not have permissions to read from this Channel topic: ${topic}`)
    }
    const mine = await join(client, `sync:leads:${own}`)
    for (const org of ORGANISATIONS) await database.write(insertLeads(org.replace("'", "''")))
    await until(() => mine.messages.length > 0)
    expect(organisationsOf(mine)).toEqual([own])
    expect(heard.flatMap(organisationsOf)).toEqual([])
    await client.removeAllChannels()
  })
})

describe.each(['1.0.0', '2.0.0'] as const)('in version %s of the wire', (vsn) => {
  test('a change, a deletion, a row that moves to another organisation and a bulk arrive as the log tells them', async () => {
    const [one, two] = [`one-${vsn}`, `two-${vsn}`]
    const mine = await join(await realtime.client(one, { vsn }), `sync:leads:${one}`)
    const theirs = await join(await realtime.client(two, { vsn }), `sync:leads:${two}`)
    const id = `lead-${vsn}`
    await database.write(`insert into public.leads (id, org_id, name) values ('${id}', '${one}', 'A')`)
    await database.write(`update public.leads set org_id = '${two}' where id = '${id}'`)
    await database.write(`delete from public.leads where id = '${id}'`)
    await database.write(insertLeads(one, 1_000))
    await until(() => mine.messages.length === 3 && theirs.messages.length === 2)
    expect(mine.messages).toMatchObject([
      { changes: [{ eventType: 'INSERT', version: 1, new: { id, org_id: one } }] },
      { changes: [{ eventType: 'DELETE', version: 2, new: null, old: { id } }] },
      { hint: true },
    ])
    expect(theirs.messages).toMatchObject([
      { changes: [{ eventType: 'UPDATE', version: 2, new: { id, org_id: two } }] },
      { changes: [{ eventType: 'DELETE', version: 3, new: null, old: { id } }] },
    ])
  })
})

describe('whatever policies a team has of its own', () => {
  beforeAll(() =>
    database.script('create policy everybody on realtime.messages for all to anon, authenticated using (true) with check (true)'),
  )
  afterAll(() => database.script('drop policy everybody on realtime.messages'))

  test('no other organisation is heard, and the team’s own channels are', async () => {
    const eve = await realtime.client('org-2')
    expect(await join(eve, 'sync:leads:org-1')).toMatchObject({ status: 'CHANNEL_ERROR' })
    expect(await join(eve, 'chat')).toMatchObject({ status: 'SUBSCRIBED' })
    expect(await join(await realtime.client('org-1', { role: 'anon' }), 'sync:leads:org-1')).toMatchObject({ status: 'CHANNEL_ERROR' })
  })

  test('nobody speaks on our channels, and everybody on the team’s', async () => {
    const [ana, ben] = [await realtime.client('org-1'), await realtime.client('org-1')]
    const [changes, chat] = [await join(ben, 'sync:leads:org-1'), await join(ben, 'chat')]
    for (const topic of ['sync:leads:org-1', 'chat']) {
      await join(ana, topic)
      await ana.channel(topic).send({ type: 'broadcast', event: 'change', payload: { said: topic } })
    }
    await until(() => chat.messages.length > 0)
    expect([changes.messages, chat.messages]).toEqual([[], [{ said: 'chat' }]])
  })
})

test('a team’s own table of memberships decides, and each of them is heard', async () => {
  const [was] = await database.query<{ text: string }>(`select pg_get_functiondef('sync.caller_tenants()'::regprocedure) as text`)
  await database.script(`create or replace function sync.caller_tenants() returns setof text language sql stable security definer
    set search_path = '' as $$ select unnest(array['first', 'second:ary']) where auth.jwt() ->> 'sub' = 'user-999' $$`)
  try {
    const client = await realtime.client(null)
    expect(await join(client, 'sync:leads:first')).toMatchObject({ status: 'SUBSCRIBED' })
    expect(await join(client, 'sync:leads:second:ary')).toMatchObject({ status: 'SUBSCRIBED' })
    expect(await join(client, 'sync:leads:second')).toMatchObject({ status: 'CHANNEL_ERROR' })
  } finally {
    await database.script(was?.text ?? '')
  }
})

test('row-level security that is off is no door: the policies are refused', async () => {
  await database.script('alter table realtime.messages disable row level security')
  await expect(database.write('call sync.open_realtime()')).rejects.toThrow('Row-level security is off')
  await database.script('alter table realtime.messages enable row level security')
})
