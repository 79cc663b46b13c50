import type { SyncChangesPage } from '@org/contracts'
import type { Database, SqlRow } from '../database/Database.js'
import type { Caller } from '../ledger/ActionCall.js'
import { renewIfVanished } from './renewIfVanished.js'
import { parseCursor, type SyncCursor } from './syncCursor.js'

export type SyncChangesResult =
  | { kind: 'page'; page: SyncChangesPage }
  /** The cursor is of another epoch, older than the log, or names a change that is there no more: read all rows again. */
  | { kind: 'gone'; epoch: string }

export interface ReadChangesOptions {
  tenant: string
  /** Cursors as clients gave them; null asks for a first one. */
  cursors: readonly (string | null)[]
  /** Most changes of one page. Integer ≥ 1. */
  limit: number
}

/** Pages of one organisation after each of several cursors, read in one snapshot. */
export async function readChanges(database: Database, { tenant, cursors, limit }: ReadChangesOptions): Promise<SyncChangesResult[]> {
  const given = cursors.map((since) => (since === null ? null : parseCursor(since)))
  const rows = await database.query<{ page: ReadPage } & SqlRow>(
    `select sync.read_changes($1, c.epoch, c.xid, c.seq, c.at, c.seal, $3::int, c.given) as page
     from rows from (jsonb_to_recordset($2::jsonb) as (epoch text, xid xid8, seq bigint, at bigint, seal text, given boolean))
       with ordinality as c (epoch, xid, seq, at, seal, given, nth)
     order by c.nth`,
    [tenant, JSON.stringify(given.map((cursor, nth) => ({ ...cursor, given: cursors[nth] !== null }))), limit],
  )
  if (rows.length !== cursors.length) throw new TypeError('sync.read_changes returned no row. Check that the migrations are complete.')
  const results: SyncChangesResult[] = []
  for (const [nth, { page }] of rows.entries()) results.push(await resultOf(database, page, given[nth] ?? null))
  return results
}

/**
 * GET /api/sync/changes: the caller's organisation's committed changes after `since`, in an order
 * that loses none under concurrent commits. Without `since`: an empty page and a first cursor, to be
 * taken **before** the rows are read.
 */
export async function syncChanges(
  database: Database,
  { caller, since, limit }: { caller: Caller; since: string | null; limit: number },
): Promise<SyncChangesResult> {
  const [result] = await readChanges(database, { tenant: caller.tenant, cursors: [since], limit })
  return result as SyncChangesResult
}

type ReadPage = (SyncChangesPage & { gone: false }) | { gone: true; epoch: string; vanished: boolean }

async function resultOf(database: Database, page: ReadPage, cursor: SyncCursor | null): Promise<SyncChangesResult> {
  if (page.gone) return { kind: 'gone', epoch: cursor !== null && page.vanished ? await epochWithout(database, cursor) : page.epoch }
  const { gone: _, ...shown } = page
  return { kind: 'page', page: shown }
}

/** The epoch in which a change that was seen and is there no more has no place. */
async function epochWithout(database: Database, { epoch, xid, seq, at }: SyncCursor): Promise<string> {
  await renewIfVanished(database, { epoch, xid, seq, at })
  const [row] = await database.query<{ epoch: string } & SqlRow>('select epoch from sync.epoch')
  return row?.epoch ?? epoch
}
