import type { Database, SqlRow } from '../database/Database.js'

export interface CleanUpResult {
  ledger: number
  changeLog: number
  smsDispatch: number
}

/** Rows one statement deletes: small, so that a clean-up never holds up a click. */
const BATCH = 1_000

/**
 * Deletes what is past its retention (ledger 30 days, change log 7) in small batches; returns how
 * many rows went. Run it now and then on any replica; two at once only share the work.
 */
export async function cleanUp(
  database: Database,
  { batch = BATCH, signal }: { batch?: number; signal?: AbortSignal } = {},
): Promise<CleanUpResult> {
  return {
    ledger: await deleteAll(database, { statement: 'sync.delete_old_ledger', batch, signal }),
    changeLog: await deleteAll(database, { statement: 'sync.delete_old_changes', batch, signal }),
    smsDispatch: await deleteAll(database, { statement: 'sync.delete_old_sms_dispatch', batch, signal }),
  }
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
