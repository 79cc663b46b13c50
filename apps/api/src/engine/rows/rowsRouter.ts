import { PATHS } from '@org/contracts'
import { type RequestHandler, Router } from 'express'
import type { Database } from '../database/Database.js'
import { onlyGet } from '../http/allowOnly.js'
import { encodePageCursor } from '../http/pageCursor.js'
import { readCursor, readLimit } from '../http/readQuery.js'
import { sendJson } from '../http/sendAnswer.js'
import { callerOf } from '../identity/session.js'
import { listRows } from './listRows.js'

const ROWS = PATHS.rows(':table')

/** GET /api/rows/:table: pages of any tracked table, within the caller's organisation. */
export function rowsRouter({ database }: { database: Database }): Router {
  const router = Router()
  router.get(ROWS, (req, res, next) => sendPage(database, { table: String(req.params.table), as: 'rows' })(req, res, next))
  router.all(ROWS, onlyGet)
  return router
}

/** GET of one tracked table at an address of its own, under its own name. */
export function tableRouter({ database, path, table }: { database: Database; path: string; table: string }): Router {
  const router = Router()
  router.get(path, sendPage(database, { table, as: table }))
  router.all(path, onlyGet)
  return router
}

function sendPage(database: Database, { table, as }: { table: string; as: string }): RequestHandler {
  return async (req, res) => {
    const { rows, nextCursor } = await listRows(database, { table, caller: callerOf(res), limit: readLimit(req), cursor: readCursor(req) })
    sendJson(res, 200, { [as]: rows, nextCursor: nextCursor === null ? null : encodePageCursor(nextCursor) })
  }
}
