import type { Database, SqlRow } from '../database/Database.js'
import { DatabaseError } from '../database/DatabaseError.js'

interface Rights extends SqlRow {
  role: string
  made: boolean
  owns: boolean
  runs: boolean
}

/** What the role of this connection may do with the schema. */
export interface SchemaRights {
  role: string
  /** It may change the schema: it owns it, or may make it. */
  owns: boolean
}

/**
 * Refuses a role that may not use the schema. Without its rights every read would come back empty, and look like
 * "there is no such record".
 * @throws {DatabaseError} ROLE_LACKS_RIGHTS
 */
export async function requireRights(database: Database): Promise<SchemaRights> {
  const [rights] = await database.query<Rights>(
    `select current_user::text as role, s.oid is not null as made,
       coalesce(pg_has_role(s.nspowner, 'usage'), has_database_privilege(current_database(), 'create')) as owns,
       exists (select from pg_roles r where r.rolname = 'sync_runtime' and pg_has_role(r.oid, 'usage')) as runs
     from (select 1) one left join pg_namespace s on s.nspname = 'sync'`,
  )
  const { role = '', made = false, owns = false, runs = false } = rights ?? {}
  if (!made || owns || runs) return { role, owns }
  throw new DatabaseError(
    'ROLE_LACKS_RIGHTS',
    `The role "${role}" of DATABASE_URL may not use the schema "sync", so it would see no record. As the schema's owner run: grant sync_runtime to "${role}"; then start again.`,
  )
}
