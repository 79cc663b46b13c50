import { PATHS } from '@org/contracts'
import { Router } from 'express'
import type { Database } from '../../engine/database/Database.js'
import { onlyGet } from '../../engine/http/allowOnly.js'
import { encodePageCursor } from '../../engine/http/pageCursor.js'
import { readCursor, readLimit } from '../../engine/http/readQuery.js'
import { sendJson } from '../../engine/http/sendAnswer.js'
import { callerOf } from '../../engine/identity/session.js'
import { listAppointments, listLeads } from './listRows.js'

/** GET /api/leads and /api/appointments, each page within the caller's organisation. */
export function crmReadsRouter({ database }: { database: Database }): Router {
  const router = Router()

  router.get(PATHS.leads, async (req, res) => {
    const page = await listLeads(database, { caller: callerOf(res), limit: readLimit(req), cursor: readCursor(req) })
    sendJson(res, 200, { ...page, nextCursor: cursorAfter(page) })
  })

  router.get(PATHS.appointments, async (req, res) => {
    const page = await listAppointments(database, { caller: callerOf(res), limit: readLimit(req), cursor: readCursor(req) })
    sendJson(res, 200, { ...page, nextCursor: cursorAfter(page) })
  })

  router.all([PATHS.leads, PATHS.appointments], onlyGet)
  return router
}

const cursorAfter = ({ nextCursor }: { nextCursor: string | null }) => (nextCursor === null ? null : encodePageCursor(nextCursor))
