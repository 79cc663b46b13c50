import type { Database, SqlRow } from '../database/Database.js'
import type { ClickName, TimelineEvent, Verdict } from './Timeline.js'

interface Change extends SqlRow {
  tenant: string
  table: string
  id: string
  version: string
  op: string
  actor: string | null
  key: string | null
  at: Date
  status: string | null
}

const FIELDS = `c.org_id as tenant, c.table_name as "table", c.pk as id, c.version, c.op, c.actor, c.mutation_key as key, c.changed_at as at,
  c."row" ->> 'status' as status`
const MOST_CHANGES = 200

/** A row as the change log calls it. */
export interface RowName {
  table: string
  id: string
}

/** The name of the tracked table that a word means, in the singular too; null when it means none. */
export async function tableOf(database: Database, word: string): Promise<string | null> {
  const [found] = await database.query<{ name: string } & SqlRow>(
    `select t.name from sync.tracked_tables t where t.name in ($1, $1 || 's') order by t.name <> $1 limit 1`,
    [word],
  )
  return found?.name ?? null
}

/** Every tracked table, as clients know it. */
export async function tableNames(database: Database): Promise<string[]> {
  const found = await database.query<{ name: string } & SqlRow>('select t.name from sync.tracked_tables t order by t.name')
  return found.map(({ name }) => name)
}

/** What became of a row, as long as the change log remembers. */
export async function changesOfRow(database: Database, { table, id }: RowName, tenant: string | null): Promise<Change[]> {
  return database.query<Change>(
    `select ${FIELDS} from sync.change_log c
     where c.table_name = $1 and c.pk = $2 and ($3::text is null or c.org_id = $3)
     order by c.xid desc, c.seq desc limit ${MOST_CHANGES}`,
    [table, id, tenant],
  )
}

/** What clicks changed. */
export async function changesOfClicks(database: Database, clicks: readonly ClickName[]): Promise<Change[]> {
  if (clicks.length === 0) return []
  return database.query<Change>(
    `select ${FIELDS} from sync.change_log c
     where c.org_id in (select n.tenant from jsonb_to_recordset($1::jsonb) n (tenant text))
       and c.mutation_key in (select n.key from jsonb_to_recordset($1::jsonb) n (key text))
     order by c.xid desc, c.seq desc limit ${MOST_CHANGES}`,
    [JSON.stringify(clicks.map(({ tenant, key }) => ({ tenant, key })))],
  )
}

/** What every tracked table shows of a row, and the status that most have. */
interface ShownRow {
  org_id: string
  version: number
  updated_at: string
  updated_by: string | null
  last_mutation_key: string | null
  status?: unknown
}

/** How a row stands, and the click that changed it last, which may be longer ago than the change log remembers. */
export async function rowNow(
  database: Database,
  { table, id }: RowName,
  tenant: string | null,
): Promise<{ verdict: Verdict; click: ClickName | null } | null> {
  const [found] = await database.query<{ row: ShownRow | null } & SqlRow>('select sync.find_row($1, $2, $3) as row', [table, id, tenant])
  const row = found?.row ?? null
  if (row === null) return null
  const { org_id, version, updated_at, updated_by: actor, last_mutation_key: key } = row
  const status = typeof row.status === 'string' ? row.status : null
  const by = actor === null ? 'by nobody who signed in here' : `by ${actor}`
  return {
    verdict: {
      about: table,
      id,
      text: `${table} ${id}: version ${version}${status === null ? '' : `, status ${status}`}, last changed ${by} at ${updated_at}${key === null ? '' : ` with the click ${key}`}.`,
      ...{ tenant: org_id, version, status, actor, key, changedAt: updated_at },
    },
    click: actor === null || key === null ? null : { tenant: org_id, actor, key },
  }
}

export function changeEvent({ tenant, table, id, version, op, actor, key, at, status }: Change): TimelineEvent {
  const verb = { INSERT: 'made', UPDATE: 'changed', DELETE: 'deleted' }[op] ?? op
  const by = actor === null ? 'without a click' : `by ${actor}`
  return {
    at: at.toISOString(),
    kind: 'row',
    text: `${table} ${id} was ${verb} ${by}: version ${version}${status === null ? '' : `, status ${status}`}`,
    ...{ tenant, table, id, version: Number(version), op, actor, key, status },
  }
}

/** The clicks that made changes. */
export function clicksBehind(changes: readonly Change[]): ClickName[] {
  return changes.flatMap(({ tenant, actor, key }) => (actor === null || key === null ? [] : [{ tenant, actor, key }]))
}
