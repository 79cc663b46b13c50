import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createIdentity,
  createRealtimeGateway,
  databasePolicy,
  followMessages,
  type GatewayLimits,
  type Identity,
  REALTIME_NOTICES,
  REALTIME_SCHEMA,
  type RealtimeGateway,
} from '@org/stand-ins'
import { createClient, type SupabaseClient, type WebSocketLikeConstructor } from '@supabase/supabase-js'
import pg from 'pg'
import ws from 'ws'
import type { Database } from '../../../src/engine/database/Database.js'

/** Supabase Realtime on a database of this API: its schema, and a gateway that follows it and asks its policies. */
export interface RealtimeOnDatabase {
  gateway: RealtimeGateway
  identity: Identity
  /** The unmodified supabase-js with a token of somebody in `org`. */
  client(org: unknown, options?: { vsn?: '1.0.0' | '2.0.0'; role?: string }): Promise<SupabaseClient>
  close(): Promise<void>
}

export async function openRealtimeOn(database: Database, url: string, limits: Partial<GatewayLimits> = {}): Promise<RealtimeOnDatabase> {
  await database.script(`${REALTIME_SCHEMA} ${REALTIME_NOTICES} call sync.open_realtime();`)
  const identity = await createIdentity()
  const pool = new pg.Pool({ connectionString: url, max: 5 })
  const follower = new pg.Client({ connectionString: url })
  // The server may end before a connection that is being closed has said goodbye.
  pool.on('error', () => undefined)
  follower.on('error', () => undefined)
  await follower.connect()
  const gateway = createRealtimeGateway({
    feed: { subscribe: () => () => undefined },
    messages: followMessages({
      listen(channel, heard) {
        const onNotice = (notice: pg.Notification) => heard(notice.payload ?? '')
        follower.on('notification', onNotice)
        void follower.query(`listen ${channel}`)
        return () => follower.off('notification', onNotice)
      },
      query: async (text, values) => (await follower.query(text, [...values])).rows,
    }),
    policy: databasePolicy({ rolledBack: (work) => rolledBack(pool, work) }),
    limits,
    verify: identity.verify,
  })
  const server = createServer((_request, response) => void response.writeHead(404).end())
  gateway.attach(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const clients: SupabaseClient[] = []
  return {
    gateway,
    identity,
    async client(org, { vsn = '2.0.0', role = 'authenticated' } = {}) {
      const client = createClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'demo-anon-key', {
        // ws is Node's stand-in for the browser's WebSocket; its type is only nearly the same.
        realtime: { transport: ws as unknown as WebSocketLikeConstructor, vsn, timeout: 5_000 },
        auth: { persistSession: false, autoRefreshToken: false },
      })
      clients.push(client)
      await client.realtime.setAuth(await identity.issueToken({ user: 'eve', claims: { role, app_metadata: { org_id: org } } }))
      return client
    },
    async close() {
      for (const client of clients) await client.realtime.disconnect()
      gateway.close()
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
      await follower.end()
      await pool.end()
    },
  }
}

type Run = (text: string, values: readonly (string | null)[]) => Promise<readonly Record<string, unknown>[]>

async function rolledBack<T>(pool: pg.Pool, work: (run: Run) => Promise<T>): Promise<T> {
  const connection = await pool.connect()
  try {
    await connection.query('begin')
    return await work(async (text, values) => (await connection.query(text, [...values])).rows)
  } finally {
    await connection.query('rollback')
    connection.release()
  }
}
