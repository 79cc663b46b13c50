import { idSchema } from '@org/contracts'
import { Router } from 'express'
import type { Database } from '../../engine/database/Database.js'
import { onlyGet } from '../../engine/http/allowOnly.js'
import { Refusal } from '../../engine/http/Refusal.js'
import { sendJson } from '../../engine/http/sendAnswer.js'
import { callerOf } from '../../engine/identity/session.js'
import { smsHistory } from './smsHistory.js'

const SMS_HISTORY = '/api/leads/:leadId/sms-history'

/** GET /api/leads/:leadId/sms-history, within the caller's organisation. */
export function smsHistoryRouter({ database }: { database: Database }): Router {
  const router = Router()
  router.get(SMS_HISTORY, async (req, res) => {
    const leadId = idSchema.safeParse(req.params.leadId)
    const messages = leadId.success ? await smsHistory(database, { caller: callerOf(res), leadId: leadId.data }) : null
    if (messages === null) throw new Refusal('NOT_FOUND')
    sendJson(res, 200, { sms_messages: messages })
  })
  router.all(SMS_HISTORY, onlyGet)
  return router
}
