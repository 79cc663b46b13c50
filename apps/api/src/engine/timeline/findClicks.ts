import type { Database, SqlRow } from '../database/Database.js'
import { type Asked, type ClickName, MOST_CLICKS } from './Timeline.js'

/** One row of the ledger, with the answer as it stands now. */
export interface FoundClick extends ClickName, SqlRow {
  action: string | null
  abandoned: boolean
  created_at: Date
  replica: string | null
  ref: string | null
  recorded: boolean
  status: number | null
  /** Of a refusal and of what is still open; null for anything else. */
  body: string | null
}

// An answer that is still open is computed, and nothing is recorded by looking.
const FIELDS = `
  l.tenant, l.actor, l.key, l.action, l.abandoned, l.created_at, l.replica, l.ref, l.status is not null as recorded,
  coalesce(l.status, (o.answer).status) as status, coalesce(case when l.status >= 400 then left(l.body, 4000) end, left((o.answer).body, 4000)) as body`
const OPEN = `
  left join lateral (select case when l.status is null and l.effect is not null then sync.open_outcome(l.effect, l.ref) end as answer) o on true`

/** What clicks are asked for by. */
export const CLICK_WORDS = ['key', 'person'] as const

/** The clicks with a key, or of a person, the newest first; one more than are shown. */
export async function findClicks(database: Database, { subject, tenant }: Asked): Promise<FoundClick[]> {
  const column = subject.kind === 'key' ? 'key' : subject.kind === 'person' ? 'actor' : null
  if (column === null) return []
  return database.query<FoundClick>(
    `select ${FIELDS} from sync.ledger l ${OPEN}
     where l.${column} = $1 and ($2::text is null or l.tenant = $2)
     order by l.created_at desc, l.key desc limit $3::int`,
    [subject.id, tenant, MOST_CLICKS + 1],
  )
}

/** The clicks that others led to. */
export async function readClicks(database: Database, names: readonly ClickName[]): Promise<FoundClick[]> {
  if (names.length === 0) return []
  return database.query<FoundClick>(
    `select ${FIELDS} from jsonb_to_recordset($1::jsonb) n (tenant text, actor text, key text)
     join sync.ledger l on l.tenant = n.tenant and l.actor = n.actor and l.key = n.key ${OPEN}`,
    [JSON.stringify(names.map(({ tenant, actor, key }) => ({ tenant, actor, key })))],
  )
}
