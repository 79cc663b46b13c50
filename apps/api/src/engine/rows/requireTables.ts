import type { Database, SqlRow } from '../database/Database.js'
import { DatabaseError } from '../database/DatabaseError.js'

interface Standing extends SqlRow {
  name: string
  role: string
  relation: string | null
  readable: boolean
  hidden: boolean
  trouble: string | null
  /** The call that says anew which column is which. */
  teller: string
}

// Row-level security that lets this role see nothing would make every row look as if it did not exist.
const STANDING = `
select w.name, current_user::text as role, t.relation::text as relation,
  coalesce(has_schema_privilege(c.relnamespace, 'usage') and has_table_privilege(c.oid, 'select'), false) as readable,
  coalesce(row_security_active(c.oid) and not exists (
    select from pg_policy p, unnest(p.polroles) r (oid)
    where p.polrelid = c.oid and p.polcmd in ('r', '*') and (r.oid = 0 or pg_has_role(r.oid, 'usage'))), false) as hidden,
  case when t.name is not null then sync.trouble_of_tracked(t.name) end as trouble,
  case when cardinality(t.effects) > 0 then 'sync.use_' || t.name else 'sync.track_table' end as teller
from (select unnest($1::text[]) as name union select name from sync.tracked_tables) w
left join sync.tracked_tables t on t.name = w.name
left join pg_class c on c.oid = t.relation
where c.oid is not null or w.name = any ($1::text[])
order by 1`

/**
 * Refuses a start whose modules work on tables that nobody mapped, whose role sees no row of a tracked table, or to which such
 * a table was changed without being told. Of one that was dropped, and on which no module works, nothing is said.
 * @param names the tables that modules work on, as clients know them
 * @throws {DatabaseError} TABLE_NOT_MAPPED, TABLE_CHANGED, ROLE_LACKS_RIGHTS
 */
export async function requireTables(database: Database, names: readonly string[]): Promise<void> {
  for (const standing of await database.query<Standing>(STANDING, [`{${names.join(',')}}`])) {
    const trouble = troubleOf(standing)
    if (trouble !== null) throw trouble
  }
}

function troubleOf({ name, role, relation, readable, hidden, trouble, teller }: Standing): DatabaseError | null {
  if (relation === null)
    return new DatabaseError(
      'TABLE_NOT_MAPPED',
      `No table is mapped as "${name}", on which a module works. Say which one it is in a migration of yours (call sync.use_${name}('your_table', …)), or choose other MODULES: crm brings tables of its own.`,
    )
  if (trouble !== null)
    return new DatabaseError(
      'TABLE_CHANGED',
      `The table tracked as "${name}" (${relation}) was changed without a word here: ${trouble}. What is written to it fails until a migration of yours says anew which column is which: call ${teller}(…).`,
    )
  if (!readable)
    return new DatabaseError(
      'ROLE_LACKS_RIGHTS',
      `The role "${role}" of DATABASE_URL may not read ${relation}, which is tracked as "${name}". As its owner run: grant sync_runtime to "${role}"; then start again.`,
    )
  if (hidden)
    return new DatabaseError(
      'ROLE_LACKS_RIGHTS',
      `Row-level security hides every row of ${relation}, tracked as "${name}", from the role "${role}" of DATABASE_URL. The API names the organisation in each of its statements; as the table's owner run: create policy run_by_api on ${relation} to sync_runtime using (true) with check (true); then start again.`,
    )
  return null
}
