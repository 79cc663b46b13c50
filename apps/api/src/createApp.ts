import express, { type Express, type Request, type RequestHandler } from 'express'
import { type ApiOptions, apiRoutes, signIn } from './apiRoutes.js'
import type { Dependencies } from './dependencies.js'
import { docsRouter } from './engine/docs/docs.js'
import { notFound } from './engine/http/errorAnswer.js'
import { aliveRouter, readyRouter } from './engine/http/health.js'
import { ownsRequest } from './engine/http/ownsRequest.js'
import { ownReplies } from './engine/http/Reply.js'
import { UNKNOWN_PROXY, warnOfUnknownProxy } from './engine/http/warnOfUnknownProxy.js'
import { limitByAddress } from './engine/limits/floodLimit.js'
import { metricsRouter } from './engine/telemetry/metricsRouter.js'
import { answerErrors, beforeAll, securityHeaders } from './surroundings.js'

export interface AppOptions extends ApiOptions {
  /** True once the process is about to stop. @default never */
  isDraining?: () => boolean
}

/** What answers at `METRICS_PORT`. */
export function createMetricsApp({ config, log, telemetry }: Dependencies): Express {
  const app = express().disable('x-powered-by').disable('etag')
  app.use(
    ownReplies(() => telemetry.onLateAnswer()),
    securityHeaders(),
  )
  app.use(limitByAddress({ perMinute: config.limits.addressPerMinute }))
  app.use(metricsRouter({ registry: telemetry.registry, token: config.metrics.token }))
  app.use(notFound, answerErrors({ log }))
  return app
}

/** The whole way of a request, in order. What stands above `signIn` is public. */
export function createApp(dependencies: Dependencies, { isDraining = () => false, ...options }: AppOptions = {}): Express {
  const { config, log, database, telemetry, redis } = dependencies
  const { actions, reads, open, closed } = apiRoutes(dependencies, options)
  const app = express().disable('x-powered-by').disable('etag').set('trust proxy', config.trustProxy)

  const isNamed = () => config.trustProxy !== false
  app.use(...beforeAll(dependencies), warnOfUnknownProxy({ ...config, isNamed, onFound: () => log.warn(UNKNOWN_PROXY) }))
  app.use(aliveRouter())
  app.use(limitByAddress({ perMinute: config.limits.addressPerMinute }))
  app.use(readyRouter({ database, isDraining, isRedisUp: () => redis?.isUp ?? true }))
  if (showsMetrics(config)) app.use(metricsRouter({ registry: telemetry.registry, token: config.metrics.token }))
  app.use(docsRouter({ actions: actions.map(({ action, otherPaths }) => ({ action, otherPaths })), reads }))
  for (const route of open) app.use(route)

  // An action of a team's own may have an address beside /api.
  const isOurs = ownsRequest(closed, { anyMethod: true })
  app.use(...signIn(dependencies, options).map((handler) => only((req) => API.test(req.path) || isOurs(req), handler)))
  app.use(...closed)

  app.use(notFound, answerErrors(dependencies))
  return app
}

const API = /^\/api(\/|$)/i

function only(isMeant: (req: Request) => boolean, handler: RequestHandler): RequestHandler {
  return (req, res, next) => (isMeant(req) ? handler(req, res, next) : next())
}

// Where they have a port of their own they are there alone; production shows them to nobody who bears no token.
function showsMetrics({ metrics: { port, token }, production }: Dependencies['config']): boolean {
  return port === null && (token !== null || !production)
}
