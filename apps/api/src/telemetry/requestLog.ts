import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import { requestIdOf } from '../middleware/requestContext.js'

/** One line per finished request: the route's pattern, never its address, which can hold a key. */
export function requestLog(log: Logger): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now()
    res.once('close', () => {
      const route: unknown = req.route?.path
      log.info({
        requestId: requestIdOf(res),
        method: req.method,
        route: typeof route === 'string' ? route : 'none',
        status: res.writableFinished ? res.statusCode : 'aborted',
        ms: Math.round(performance.now() - startedAt),
      })
    })
    next()
  }
}
