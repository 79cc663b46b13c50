import { PATHS } from '@org/contracts'
import { Router } from 'express'
import { onlyGet } from '../http/allowOnly.js'
import { sendJson } from '../http/sendAnswer.js'
import { callerOf } from './session.js'

/** GET /api/session: who is calling. */
export function sessionRouter(): Router {
  const router = Router()
  router.get(PATHS.session, (_req, res) => {
    const { actor, tenant } = callerOf(res)
    sendJson(res, 200, { actor, tenant })
  })
  router.all(PATHS.session, onlyGet)
  return router
}
