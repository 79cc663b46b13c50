import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createIdentity, createRealtimeGateway, type FeedChange, followMessages } from '@org/stand-ins'
import pg from 'pg'

// A gateway in a process of its own. On its parent's word it changes a lead and lets all who listen hear of it: by Broadcast
// from the trigger, or by Postgres Changes, for which the database is asked about each subscriber as Supabase's does.

const [databaseUrl, mode, subscribers] = process.argv.slice(2)
const session = new pg.Client({ connectionString: databaseUrl })
const follower = new pg.Client({ connectionString: databaseUrl })
await Promise.all([session.connect(), follower.connect()])
const identity = await createIdentity({ lifetimeSeconds: 36_000 })
const listeners = new Set<(change: FeedChange) => void>()
const nobody = { subscribe: () => () => undefined }
const gateway = createRealtimeGateway({
  feed: {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  },
  messages:
    mode === 'broadcast'
      ? followMessages({ listen, query: async (text, values) => (await follower.query(text, [...values])).rows })
      : nobody,
  verify: identity.verify,
})
const server = createServer()
gateway.attach(server)
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

function listen(channel: string, heard: (payload: string) => void): () => void {
  const onNotice = ({ payload = '' }: pg.Notification) => heard(payload)
  follower.on('notification', onNotice)
  void follower.query(`listen ${channel}`)
  return () => follower.off('notification', onNotice)
}

if (mode === 'changes') {
  const claims = JSON.stringify({ role: 'authenticated', sub: 'user-456', app_metadata: { org_id: 'org-1' } })
  await session.query('truncate bench.subscription')
  await session.query('insert into bench.subscription select gen_random_uuid(), $2::jsonb from generate_series(1, $1::int)', [
    subscribers,
    claims,
  ])
  await session.query('analyze bench.subscription')
}

async function change(): Promise<void> {
  await session.query(`update public.leads set status = 'new' || (sync_version % 2) where id = 'lead-1'`)
  if (mode === 'broadcast') return
  const { rows } = await session.query(`select sync.change_json(c) as change from sync.change_log c order by xid desc, seq desc limit 1`)
  const { rows: seen } = await session.query('select cardinality(bench.subscribers($1)) as count', ['lead-1'])
  if (seen[0].count !== Number(subscribers)) throw new Error(`${seen[0].count} of ${subscribers} may see the row`)
  for (const listener of listeners) listener({ ...rows[0].change, tenant: 'org-1' })
}

process.on('message', (question: 'change' | 'live') => {
  if (question === 'change') void change()
  else process.send?.({ live: gateway.joined().filter(({ live }) => live || mode === 'broadcast').length })
})
const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/realtime/v1/websocket?apikey=demo-anon-key&vsn=2.0.0`
process.send?.({ url, token: await identity.issueToken({ user: 'ana' }) })
