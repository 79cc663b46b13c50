import type { ErrorRequestHandler, RequestHandler } from 'express'
import helmet from 'helmet'
import type { Dependencies } from './dependencies.js'
import { corsFor } from './engine/http/cors.js'
import { errorAnswer } from './engine/http/errorAnswer.js'
import { ownReplies } from './engine/http/Reply.js'
import { requestIdentity } from './engine/http/requestIdentity.js'
import { requestLog } from './engine/telemetry/requestLog.js'
import { traceRequests } from './engine/telemetry/traceRequests.js'

/** What stands before every request of the API, in order. */
export function beforeAll({ config, log, telemetry }: Dependencies): RequestHandler[] {
  return [
    ownReplies(() => telemetry.onLateAnswer()),
    requestIdentity,
    traceRequests(telemetry),
    requestLog(log, telemetry),
    securityHeaders(),
    corsFor(config.corsOrigins, config.corsAllowedHeaders),
  ]
}

/** Answers are data, never pages: a browser that is led to one loads and runs nothing. */
export function securityHeaders(): RequestHandler {
  return helmet({ contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } } })
}

/** Last of all: what was thrown becomes a refusal, and what is our fault a line in the log. */
export function answerErrors({ log }: Pick<Dependencies, 'log'>): ErrorRequestHandler {
  return errorAnswer({ onInternalError: (err, request) => log.error({ err, ...request }, 'request failed') })
}
