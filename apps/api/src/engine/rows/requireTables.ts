import type { Database, SqlRow } from '../database/Database.js'
import { DatabaseError } from '../database/DatabaseError.js'

interface Standing extends SqlRow {
  name: string
  role: string
  relation: string | null
  readable: boolean
  hidden: boolean
}

// Row-level security that lets this role see nothing would make every row look as if it did not exist.
const STANDING = `
select w.name, current_user::text as role, t.relation::text as relation,
  coalesce(has_schema_privilege(c.relnamespace, 'usage') and has_table_privilege(c.oid, 'select'), false) as readable,
  coalesce(row_security_active(c.oid) and not exists (
    select from pg_policy p, unnest(p.polroles) r (oid)
    where p.polrelid = c.oid and p.polcmd in ('r', '*') and (r.oid = 0 or pg_has_role(r.oid, 'usage'))), false) as hidden
from (select unnest($1::text[]) as name union select name from sync.tracked_tables) w
left join sync.tracked_tables t on t.name = w.name
left join pg_class c on c.oid = t.relation
order by 1`

/**
 * Refuses a start whose modules work on tables that nobody mapped, or whose role sees no row of a tracked table.
 * @param names the tables that modules work on, as clients know them
 * @throws {DatabaseError} TABLE_NOT_MAPPED, ROLE_LACKS_RIGHTS
 */
export async function requireTables(database: Database, names: readonly string[]): Promise<void> {
  for (const standing of await database.query<Standing>(STANDING, [`{${names.join(',')}}`])) {
    const trouble = troubleOf(standing)
    if (trouble !== null) throw trouble
  }
}

function troubleOf({ name, role, relation, readable, hidden }: Standing): DatabaseError | null {
  if (relation === null)
    return new DatabaseError(
      'TABLE_NOT_MAPPED',
      `No table is mapped as "${name}", on which a module works. Say which one it is in a migration of yours (call sync.use_${name}('your_table', …)), or choose other MODULES: crm brings tables of its own.`,
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
