import type { Database, SqlRow } from '../database/Database.js'

/** What the engine itself deletes after its time: ledger and tombstones after 30 days, the change log after 7, the audit after 400. */
export const ENGINE_RETENTION: Readonly<Record<string, string>> = {
  ledger: 'sync.delete_old_ledger',
  changeLog: 'sync.delete_old_changes',
  tombstones: 'sync.delete_old_tombstones',
  audit: 'sync.delete_old_audit',
}

/** Rows one statement deletes: small, so that a clean-up never holds up a click. */
const BATCH = 1_000

export interface CleanUpOptions {
  /** Functions that delete one batch and return how many rows went, by the name their count has. @default ENGINE_RETENTION */
  retention?: Readonly<Record<string, string>>
  /** @default 1_000 */
  batch?: number
  signal?: AbortSignal
}

/**
 * Deletes what is past its retention in small batches; returns how many rows went, by name. Run it now
 * and then on any replica; two at once only share the work.
 */
export async function cleanUp(
  database: Database,
  { retention = ENGINE_RETENTION, batch = BATCH, signal }: CleanUpOptions = {},
): Promise<Record<string, number>> {
  const deleted: Record<string, number> = {}
  for (const [name, statement] of Object.entries(retention)) deleted[name] = await deleteAll(database, { statement, batch, signal })
  return deleted
}

async function deleteAll(
  database: Database,
  { statement, batch, signal }: { statement: string; batch: number; signal: AbortSignal | undefined },
): Promise<number> {
  let total = 0
  while (!signal?.aborted) {
    const [row] = await database.write<{ deleted: number } & SqlRow>(`select ${statement}($1::int) as deleted`, [batch])
    const deleted = row?.deleted ?? 0
    total += deleted
    if (deleted < batch) break
  }
  return total
}
