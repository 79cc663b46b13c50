import type { Request, RequestHandler } from 'express'
import type { Logger } from 'pino'
import { requestIdOf } from '../http/requestId.js'
import type { Telemetry } from './Telemetry.js'

/** One line and one measurement per finished request. */
export function requestLog(log: Logger, telemetry: Pick<Telemetry, 'onRequest'>): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now()
    res.once('close', () => {
      const ms = performance.now() - startedAt
      const request = { method: req.method, route: routeOf(req), status: res.writableFinished ? res.statusCode : ('aborted' as const) }
      telemetry.onRequest({ ...request, seconds: ms / 1_000 })
      log.info({ requestId: requestIdOf(res), ...request, ms: Math.round(ms) })
    })
    next()
  }
}

// The pattern, never the address: that can hold a key, and every id would be a new time series.
function routeOf(req: Request): string {
  const path: unknown = req.route?.path
  return typeof path === 'string' ? path : 'none'
}
