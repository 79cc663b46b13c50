import type { Database, SqlRow } from '../database/Database.js'
import type { SyncCursor } from './syncCursor.js'

/**
 * Begins a new epoch when a change that was seen is there no more and retention did not take it: rows may have gone
 * back to versions below those clients hold. True when it did.
 */
export async function renewIfVanished(database: Database, { epoch, xid, seq, at }: Omit<SyncCursor, 'seal'>): Promise<boolean> {
  const [row] = await database.write<{ renewed: boolean } & SqlRow>('select sync.renew_if_vanished($1::jsonb) as renewed', [
    JSON.stringify({ epoch, xid, seq, at }),
  ])
  return row?.renewed ?? false
}
