import { Router } from 'express'
import type { Database } from '../database/Database.js'
import { onlyGet } from './allowOnly.js'
import { sendJson } from './sendAnswer.js'

export interface HealthOptions {
  database: Database
  isDraining: () => boolean
  /** Redis may be down without harm: it is reported, and no reason to take the replica away. */
  isRedisUp: () => boolean
  /** @default 2_000 */
  timeoutMs?: number
}

/** `/healthz`: the process lives. It costs nothing, so nothing stands before it: an orchestrator that got no answer would kill a process that is only busy. */
export function aliveRouter(): Router {
  const router = Router()
  router.get('/healthz', (_req, res) => sendJson(res, 200, { status: 'ok' }))
  router.all('/healthz', onlyGet)
  return router
}

/** `/readyz`: it can serve, so it needs the database and is not about to stop. */
export function readyRouter({ database, isDraining, isRedisUp, timeoutMs = 2_000 }: HealthOptions): Router {
  const router = Router()
  router.get('/readyz', async (_req, res) => {
    const draining = isDraining()
    const databaseUp = !draining && (await database.answers(timeoutMs))
    const ready = databaseUp && !draining
    sendJson(res, ready ? 200 : 503, { ready, draining, database: databaseUp, redis: isRedisUp() })
  })
  router.all('/readyz', onlyGet)
  return router
}
