import type { Database, SqlRow } from '../database/Database.js'

/** What the role of DATABASE_URL should end by itself, and after how long. Above every wait of the API's own. */
export const ROLE_TIMEOUTS = { statement_timeout: '15s', idle_in_transaction_session_timeout: '30s' } as const

/**
 * The statements that would give the role of this connection the time limits it lacks. A client that gave
 * up, or died, otherwise leaves its statement running and its locks held. Set on the role, because a
 * transaction pooler takes no settings from a connection.
 */
export async function missingTimeouts(database: Database): Promise<string[]> {
  const rows = await database.query<{ name: keyof typeof ROLE_TIMEOUTS; place: string } & SqlRow>(
    `select name, format('%I in database %I', current_user, current_database()) as place
     from unnest($1::text[]) as name where current_setting(name) in ('0', '0ms')`,
    [`{${Object.keys(ROLE_TIMEOUTS).join(',')}}`],
  )
  return rows.map(({ name, place }) => `alter role ${place} set ${name} = '${ROLE_TIMEOUTS[name]}'`)
}
