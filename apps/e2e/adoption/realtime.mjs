import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRealtimeGateway, databasePolicy, followMessages, REALTIME_NOTICES, REALTIME_SCHEMA } from '@org/stand-ins'

const ROLES = new URL('../../api/supabase/plain-postgres.sql', import.meta.url)
/** The project's secret, with which the team signs its people's tokens. */
const JWT_SECRET = 'a secret of this example alone, long enough to sign with'

/** What a database of Supabase has before anybody migrates it. */
export async function addRealtimeSchema(owner) {
  for (const script of [readFileSync(ROLES, 'utf8'), REALTIME_SCHEMA, REALTIME_NOTICES]) await owner.query(script)
}

/**
 * Realtime beside that database: it hands on what `realtime.messages` gets, to whom the policies there let in.
 * @param {{ pg: typeof import('pg'), jose: typeof import('jose') }} libraries the app's own
 * @returns {Promise<{ env: Record<string, string>, stop(): Promise<void> }>} the app's settings, and the end of it
 */
export async function startRealtime({ pg, jose }, databaseUrl) {
  const follower = new pg.Client(databaseUrl)
  await follower.connect()
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 })
  const gateway = createRealtimeGateway({
    feed: { subscribe: () => () => {} },
    messages: followMessages(connectionOf(follower)),
    policy: databasePolicy({ rolledBack: (work) => rolledBack(pool, work) }),
    verify: async (jwt) => (await jose.jwtVerify(jwt, new TextEncoder().encode(JWT_SECRET))).payload,
  })
  const server = createServer().listen(0, '127.0.0.1')
  gateway.attach(server)
  await once(server, 'listening')
  return {
    env: {
      SUPABASE_URL: `http://127.0.0.1:${server.address().port}`,
      SUPABASE_ANON_KEY: 'demo-anon-key',
      SUPABASE_JWT_SECRET: JWT_SECRET,
    },
    stop: async () => {
      gateway.close()
      server.close()
      server.closeAllConnections()
      await Promise.all([follower.end(), pool.end()])
    },
  }
}

function connectionOf(client) {
  return {
    listen: (channel, heard) => {
      const listener = ({ payload }) => heard(payload)
      client.on('notification', listener)
      void client.query(`listen ${channel}`)
      return () => client.off('notification', listener)
    },
    query: async (text, values) => (await client.query(text, [...values])).rows,
  }
}

async function rolledBack(pool, work) {
  const client = await pool.connect()
  try {
    await client.query('begin')
    return await work(async (text, values) => (await client.query(text, [...values])).rows)
  } finally {
    await client.query('rollback')
    client.release()
  }
}
