import { randomUUID } from 'node:crypto'
import type { Database, SqlRow } from '../../../src/engine/database/Database.js'

/** An organisation of one test alone. */
export const anOrg = (): string => `org-${randomUUID()}`

/** What was broadcast on a channel, oldest first, without the id that Realtime adds. */
export async function messagesOn(database: Database, topic: string): Promise<unknown[]> {
  const rows = await database.query<{ payload: Record<string, unknown>; event: string; private: boolean } & SqlRow>(
    `select payload - 'id' as payload, event, private from realtime.messages where topic = $1 order by tableoid, ctid`,
    [topic],
  )
  if (rows.some((row) => row.event !== 'change' || !row.private)) throw new Error(`not all messages on ${topic} are private changes`)
  return rows.map(({ payload }) => payload)
}

/** On the channels of leads, by organisation. */
export const leadMessages = (database: Database, org: string): Promise<unknown[]> => messagesOn(database, `sync:leads:${org}`)

/** A statement that writes `count` leads of an organisation. */
export const insertLeads = (org: string, count = 1, name = "'A'"): string =>
  `insert into public.leads (id, org_id, name) select gen_random_uuid()::text, '${org}', ${name} from generate_series(1, ${count})`

/** As if a message had not gone out in time `ms` milliseconds ago; 0 forgets it. */
export async function missedBroadcast(database: Database, ms: number | 'never'): Promise<void> {
  await database.write(`select setval('sync.missed_broadcast_at', $1::bigint)`, [ms === 'never' ? 0 : Date.now() - ms])
}

export const HINT = { hint: true }
