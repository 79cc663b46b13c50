import { idSchema, PATHS } from '@org/contracts'
import { Router } from 'express'
import type { Database } from '../database/Database.js'
import { onlyGet } from '../middleware/allowOnly.js'
import { Refusal } from '../middleware/Refusal.js'
import { callerOf } from '../middleware/requestContext.js'
import { sendJson } from '../middleware/sendAnswer.js'
import { listAppointments, listLeads } from '../services/listRows.js'
import { smsHistory } from '../services/smsHistory.js'
import { syncChanges } from '../services/syncChanges.js'
import { encodePageCursor } from './pageCursor.js'
import { readCursor, readLimit, single } from './readQuery.js'

// Bounds one answer; a client that is further behind asks again at once (`hasMore`).
const CHANGES_PER_PAGE = 500
const SMS_HISTORY = '/api/leads/:leadId/sms-history'

/** Everything that is only read, each within the caller's organisation. */
export function readsRouter({ database }: { database: Database }): Router {
  const router = Router()

  router.get(PATHS.session, (_req, res) => {
    const { actor, tenant } = callerOf(res)
    sendJson(res, 200, { actor, tenant })
  })

  router.get(PATHS.leads, async (req, res) => {
    const page = await listLeads(database, { caller: callerOf(res), limit: readLimit(req), cursor: readCursor(req) })
    sendJson(res, 200, { ...page, nextCursor: cursorAfter(page) })
  })

  router.get(PATHS.appointments, async (req, res) => {
    const page = await listAppointments(database, { caller: callerOf(res), limit: readLimit(req), cursor: readCursor(req) })
    sendJson(res, 200, { ...page, nextCursor: cursorAfter(page) })
  })

  router.get(SMS_HISTORY, async (req, res) => {
    const leadId = idSchema.safeParse(req.params.leadId)
    const messages = leadId.success ? await smsHistory(database, { caller: callerOf(res), leadId: leadId.data }) : null
    if (messages === null) throw new Refusal('NOT_FOUND')
    sendJson(res, 200, { sms_messages: messages })
  })

  router.get(PATHS.syncChanges, async (req, res) => {
    const result = await syncChanges(database, { caller: callerOf(res), since: single(req, 'since'), limit: CHANGES_PER_PAGE })
    if (result.kind === 'gone') throw new Refusal('CURSOR_GONE', { fields: { mustRefetch: true, epoch: result.epoch } })
    sendJson(res, 200, result.page)
  })

  router.all([PATHS.session, PATHS.leads, PATHS.appointments, PATHS.syncChanges, SMS_HISTORY], onlyGet)
  return router
}

const cursorAfter = ({ nextCursor }: { nextCursor: string | null }) => (nextCursor === null ? null : encodePageCursor(nextCursor))
