import { PATHS } from '@org/contracts'
import { Router } from 'express'
import type { Database } from '../database/Database.js'
import { onlyGet } from '../http/allowOnly.js'
import { Refusal } from '../http/Refusal.js'
import { single } from '../http/readQuery.js'
import { sendJson } from '../http/sendAnswer.js'
import { callerOf } from '../identity/session.js'
import { syncChanges } from './syncChanges.js'

// Bounds one answer; a client that is further behind asks again at once (`hasMore`).
const CHANGES_PER_PAGE = 500

/** GET /api/sync/changes: what changed in the caller's organisation since a cursor. */
export function changesRouter({ database }: { database: Database }): Router {
  const router = Router()
  router.get(PATHS.syncChanges, async (req, res) => {
    const result = await syncChanges(database, { caller: callerOf(res), since: single(req, 'since'), limit: CHANGES_PER_PAGE })
    if (result.kind === 'gone') throw new Refusal('CURSOR_GONE', { fields: { mustRefetch: true, epoch: result.epoch } })
    sendJson(res, 200, result.page)
  })
  router.all(PATHS.syncChanges, onlyGet)
  return router
}
