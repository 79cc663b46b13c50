import { type RequestHandler, Router } from 'express'
import type { Logger } from 'pino'
import { onlyPost } from '../../engine/http/allowOnly.js'
import { requestIdOf } from '../../engine/http/requestId.js'
import { sendJson } from '../../engine/http/sendAnswer.js'
import { operatorOf } from '../../engine/identity/session.js'
import type { Telemetry } from '../../engine/telemetry/Telemetry.js'
import type { TwilioCircuitBreaker } from './breaker/TwilioCircuitBreaker.js'

export interface AdminOptions extends Pick<Telemetry, 'hashId'> {
  breaker: TwilioCircuitBreaker
  log: Logger
}

/**
 * Holds the SMS circuit of this replica open, or closes it. For the service role alone, and every use
 * is written to the log. With several replicas each has to be told.
 */
export function adminRouter({ breaker, log, hashId }: AdminOptions): Router {
  const router = Router()
  const act = (name: string, change: () => void): RequestHandler => {
    return (_req, res) => {
      const { actor } = operatorOf(res)
      change()
      log.warn({ audit: name, person: hashId(actor), requestId: requestIdOf(res) }, 'SMS circuit breaker changed by hand')
      sendJson(res, 200, breaker.status())
    }
  }
  router.post(
    '/api/admin/sms-breaker/isolate',
    act('sms-breaker.isolate', () => breaker.isolate()),
  )
  router.post(
    '/api/admin/sms-breaker/reset',
    act('sms-breaker.reset', () => breaker.reset()),
  )
  router.all(['/api/admin/sms-breaker/isolate', '/api/admin/sms-breaker/reset'], onlyPost)
  return router
}
