import type { RequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import { replyOf } from '../http/Reply.js'
import { requestIdOf } from '../http/requestId.js'
import { routeOf } from '../http/routeOf.js'
import { findSession } from '../identity/session.js'
import type { HashId } from './hashId.js'
import type { Telemetry } from './Telemetry.js'

/** One line and one measurement per finished request. */
export function requestLog(log: Logger, { onRequest, hashId }: Pick<Telemetry, 'onRequest' | 'hashId'>): RequestHandler {
  return (req, res, next) => {
    const startedAt = performance.now()
    res.once('close', () => {
      const ms = performance.now() - startedAt
      const request = { method: req.method, route: routeOf(req), status: res.writableFinished ? res.statusCode : ('aborted' as const) }
      const { code } = replyOf(res)
      onRequest({ ...request, code, seconds: ms / 1_000 })
      log.info({ requestId: requestIdOf(res), ...request, ...(code !== null && { code }), ...callerOf(res, hashId), ms: Math.round(ms) })
    })
    next()
  }
}

function callerOf(res: Response, hashId: HashId): { organisation?: string; person?: string; service?: string } {
  const session = findSession(res)
  if (session === undefined) return {}
  const organisation = session.kind === 'operator' ? {} : { organisation: hashId(session.tenant) }
  // A program has a name and no privacy.
  return { ...organisation, ...(session.kind === 'user' ? { person: hashId(session.actor) } : { service: session.actor }) }
}
