import { PATHS } from '@org/contracts'
import { Router } from 'express'
import { onlyGet } from '../../engine/http/allowOnly.js'
import { sendJson } from '../../engine/http/sendAnswer.js'
import type { TwilioCircuitBreaker } from './breaker/TwilioCircuitBreaker.js'

/** GET /api/status/sms: whether SMS go through right now, as this replica sees it. */
export function smsStatusRouter({ breaker }: { breaker: TwilioCircuitBreaker }): Router {
  const router = Router()
  router.get(PATHS.smsStatus, (_req, res) => sendJson(res, 200, breaker.status()))
  router.all(PATHS.smsStatus, onlyGet)
  return router
}
