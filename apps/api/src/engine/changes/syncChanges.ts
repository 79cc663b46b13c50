import type { SyncChangesPage } from '@org/contracts'
import type { Database, SqlParameter, SqlRow } from '../database/Database.js'
import type { Caller } from '../ledger/ActionCall.js'
import { renewIfVanished } from './renewIfVanished.js'
import { parseCursor, type SyncCursor } from './syncCursor.js'

export type SyncChangesResult =
  | { kind: 'page'; page: SyncChangesPage }
  /** The cursor is of another epoch, older than the log, or names a change that is there no more: read all rows again. */
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
  const page = await readPage(database, [
    caller.tenant,
    cursor?.epoch ?? null,
    cursor?.xid ?? null,
    cursor?.seq ?? null,
    cursor?.at ?? null,
    cursor?.seal ?? null,
    limit,
    since !== null,
  ])
  if (page.gone) return { kind: 'gone', epoch: cursor !== null && page.vanished ? await epochWithout(database, cursor) : page.epoch }
  const { gone: _, ...shown } = page
  return { kind: 'page', page: shown }
}

type ReadPage = (SyncChangesPage & { gone: false }) | { gone: true; epoch: string; vanished: boolean }

async function readPage(database: Database, params: readonly SqlParameter[]): Promise<ReadPage> {
  const [row] = await database.query<{ page: ReadPage } & SqlRow>(
    'select sync.read_changes($1, $2, $3::xid8, $4::bigint, $5::bigint, $6, $7::int, $8) as page',
    params,
  )
  if (row === undefined) throw new TypeError('sync.read_changes returned no row. Check that the migrations are complete.')
  return row.page
}

/** The epoch in which a change that was seen and is there no more has no place. */
async function epochWithout(database: Database, { epoch, xid, seq, at }: SyncCursor): Promise<string> {
  await renewIfVanished(database, { epoch, xid, seq, at })
  const [row] = await database.query<{ epoch: string } & SqlRow>('select epoch from sync.epoch')
  return row?.epoch ?? epoch
}
