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

/** `/healthz` is the process, `/readyz` whether it can serve: it needs the database and is not about to stop. */
export function healthRouter({ database, isDraining, isRedisUp, timeoutMs = 2_000 }: HealthOptions): Router {
  const router = Router()
  router.get('/healthz', (_req, res) => sendJson(res, 200, { status: 'ok' }))
  router.get('/readyz', async (_req, res) => {
    const draining = isDraining()
    const databaseUp = !draining && (await database.answers(timeoutMs))
    const ready = databaseUp && !draining
    sendJson(res, ready ? 200 : 503, { ready, draining, database: databaseUp, redis: isRedisUp() })
  })
  router.all(['/healthz', '/readyz'], onlyGet)
  return router
}
