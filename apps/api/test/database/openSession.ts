import pg from 'pg'

/** A connection of its own, for transactions that a test opens and ends by hand. */
export async function openSession(connectionString: string): Promise<pg.Client> {
  const session = new pg.Client({ connectionString })
  // A test may end the session from the server's side.
  session.on('error', () => undefined)
  await session.connect()
  return session
}

/** Resolves when `count` sessions wait for a lock. */
export async function untilWaiting(observer: pg.Client, count = 1): Promise<void> {
  while ((await sessionsWaiting(observer)) < count);
}

/** How many sessions wait for a lock. */
export async function sessionsWaiting(observer: pg.Client): Promise<number> {
  const { rows } = await observer.query(
    `select count(*)::int as waiting from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  )
  return rows[0].waiting
}
