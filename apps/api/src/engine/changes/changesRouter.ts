import { PATHS } from '@org/contracts'
import { Router } from 'express'
import type { Database } from '../database/Database.js'
import { onlyGet } from '../http/allowOnly.js'
import { Refusal } from '../http/Refusal.js'
import { single } from '../http/readQuery.js'
import { sendText } from '../http/sendAnswer.js'
import { callerOf } from '../identity/session.js'
import { SharedReads } from './SharedReads.js'
import { readChanges, type SyncChangesResult } from './syncChanges.js'

// Bounds one answer; a client that is further behind asks again at once (`hasMore`).
const CHANGES_PER_PAGE = 500
// Bounds one look of a crowd that comes from different places.
const CURSORS_PER_READ = 50

/**
 * GET /api/sync/changes: what changed in the caller's organisation since a cursor. All of an organisation come at once when
 * they are told to, so a page is read once and written once for all who want the same.
 */
export function changesRouter({ database }: { database: Database }): Router {
  const router = Router()
  const reads = new SharedReads<string | null, Found>({
    most: CURSORS_PER_READ,
    read: async (tenant, cursors) => (await readChanges(database, { tenant, cursors, limit: CHANGES_PER_PAGE })).map(written),
  })
  router.get(PATHS.syncChanges, async (req, res) => {
    const found = await reads.read(callerOf(res).tenant, single(req, 'since'))
    if (found.kind === 'gone') throw new Refusal('CURSOR_GONE', { fields: { mustRefetch: true, epoch: found.epoch } })
    sendText(res, { status: 200, body: found.body })
  })
  router.all(PATHS.syncChanges, onlyGet)
  return router
}

type Found = { kind: 'page'; body: string } | { kind: 'gone'; epoch: string }

function written(result: SyncChangesResult): Found {
  return result.kind === 'gone' ? result : { kind: 'page', body: JSON.stringify(result.page) }
}
