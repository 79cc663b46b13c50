import type { SyncChangesPage } from '@org/contracts'
import type { Database, SqlRow } from '../database/Database.js'
import type { Caller } from '../ledger/ActionCall.js'
import { parseCursor } from './syncCursor.js'

export type SyncChangesResult =
  | { kind: 'page'; page: SyncChangesPage }
  /** The cursor is of another epoch, beyond the log, or older than it: read all rows again. */
  | { kind: 'gone'; epoch: string }

/**
 * GET /api/sync/changes: the caller's organisation's committed changes after `since`, in an order
 * that loses none under concurrent commits. Without `since`: an empty page and a first cursor, to be
 * taken **before** the rows are read.
 */
export async function syncChanges(
  database: Database,
  { caller, since, limit }: { caller: Caller; since: string | null; limit: number },
): Promise<SyncChangesResult> {
  const cursor = since === null ? null : parseCursor(since)
  const [row] = await database.query<{ page: (SyncChangesPage & { gone: false }) | { gone: true; epoch: string } } & SqlRow>(
    'select sync.read_changes($1, $2, $3::xid8, $4::bigint, $5::int, $6) as page',
    [caller.tenant, cursor?.epoch ?? null, cursor?.xid ?? null, cursor?.seq ?? null, limit, since !== null],
  )
  if (row === undefined) throw new TypeError('sync.read_changes returned no row. Check that the migrations are complete.')
  if (row.page.gone) return { kind: 'gone', epoch: row.page.epoch }
  const { gone: _, ...page } = row.page
  return { kind: 'page', page }
}
