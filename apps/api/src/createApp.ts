import express, { type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import type { Dependencies } from './dependencies.js'
import type { ActionRoute } from './engine/actions/ActionRoute.js'
import { actionsRouter } from './engine/actions/actions.js'
import { mutationsRouter } from './engine/actions/mutations.js'
import { changesRouter } from './engine/changes/changesRouter.js'
import { docsRouter } from './engine/docs/docs.js'
import { FairShare } from './engine/fairness/FairShare.js'
import { answerWithin } from './engine/http/answerWithin.js'
import { corsFor } from './engine/http/cors.js'
import { errorAnswer, notFound } from './engine/http/errorAnswer.js'
import { aliveRouter, readyRouter } from './engine/http/health.js'
import { ownReplies } from './engine/http/Reply.js'
import { requestIdentity } from './engine/http/requestIdentity.js'
import { UNKNOWN_PROXY, warnOfUnknownProxy } from './engine/http/warnOfUnknownProxy.js'
import { authenticate } from './engine/identity/authenticate.js'
import { sessionRouter } from './engine/identity/sessionRouter.js'
import { findAnswer } from './engine/ledger/findAnswer.js'
import { ActionQuota } from './engine/limits/ActionQuota.js'
import { limitByAddress, limitByUser } from './engine/limits/floodLimit.js'
import { SharedHitStore } from './engine/limits/SharedHitStore.js'
import { shareHitsBy } from './engine/limits/shareHits.js'
import { AnswerOnce } from './engine/replay/AnswerOnce.js'
import { rowsRouter } from './engine/rows/rowsRouter.js'
import { metricsRouter } from './engine/telemetry/metricsRouter.js'
import { requestLog } from './engine/telemetry/requestLog.js'

/** Longest a request may take once its body is there: above the database's limit and the carrier's 7 s, below the client's 20 s. */
const ROUTE_LIMIT_MS = 10_000

export interface AppOptions {
  /** Actions of your own beside the built-in ones. */
  actions?: readonly ActionRoute[]
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
  app.use(notFound, errorAnswer({ onInternalError: (err, request) => log.error({ err, ...request }, 'request failed') }))
  return app
}

/** The whole way of a request, in order. What stands above `authenticate` is public. */
export function createApp(dependencies: Dependencies, { actions = [], isDraining = () => false }: AppOptions = {}): Express {
  const { config, log, database, modules, telemetry, redis } = dependencies
  const origins = { publicUrl: config.publicUrl, corsOrigins: config.corsOrigins }
  const routes = [...modules.flatMap((module) => module.actions ?? []), ...actions]
  const app = express().disable('x-powered-by').disable('etag').set('trust proxy', config.trustProxy)

  app.use(
    ownReplies(() => telemetry.onLateAnswer()),
    requestIdentity,
    requestLog(log, telemetry),
    warnOfUnknownProxy({ ...config, onFound: () => log.warn(UNKNOWN_PROXY) }),
    securityHeaders(),
    corsFor(config.corsOrigins, config.corsAllowedHeaders),
  )
  app.use(aliveRouter())
  app.use(limitByAddress({ perMinute: config.limits.addressPerMinute }))
  app.use(readyRouter({ database, isDraining, isRedisUp: () => redis?.isUp ?? true }))
  if (showsMetrics(config)) app.use(metricsRouter({ registry: telemetry.registry, token: config.metrics.token }))
  app.use(
    docsRouter({
      actions: routes.map(({ action, otherPaths }) => ({ action, otherPaths })),
      reads: modules.flatMap(({ reads = [] }) => reads),
    }),
  )
  for (const { publicRoutes = [] } of modules) for (const route of publicRoutes) app.use(route)

  app.use('/api', authenticate({ ...origins, verifyToken: dependencies.verifyToken, sessionCookieName: config.auth.sessionCookieName }))
  app.use('/api', limitByUser({ perMinute: config.limits.userPerMinute, store: hitStore(dependencies, 'user:') }))
  app.use(
    actionsRouter({
      routes,
      origins,
      once: new AnswerOnce({ cache: dependencies.replayCache, ...telemetry.replay }),
      limitMs: ROUTE_LIMIT_MS,
      fairShare: new FairShare({ connections: config.database.poolSize }),
      findAnswer: (keyed) => findAnswer(database, keyed),
      quotaOf: quotasOf(routes, dependencies),
      onForeignFingerprint: telemetry.onForeignFingerprint,
      onEffectRefused: telemetry.onEffectRefused,
      onLate: telemetry.onLateAnswer,
    }),
  )
  app.use(answerWithin(ROUTE_LIMIT_MS))
  app.use(sessionRouter(), changesRouter({ database }), mutationsRouter({ database }), rowsRouter({ database }))
  for (const { routes: own = [] } of modules) for (const route of own) app.use(route)

  app.use(notFound)
  app.use(errorAnswer({ onInternalError: (err, request) => log.error({ err, ...request }, 'request failed') }))
  return app
}

// Where they have a port of their own they are there alone; production shows them to nobody who bears no token.
function showsMetrics({ metrics: { port, token }, production }: Dependencies['config']): boolean {
  return port === null && (token !== null || !production)
}

// Answers are data, never pages: a browser that is led to one loads and runs nothing.
function securityHeaders(): RequestHandler {
  return helmet({ contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } } })
}

function quotasOf(routes: readonly ActionRoute[], dependencies: Dependencies): (actionName: string) => ActionQuota | null {
  const quotas = new Map<string, ActionQuota>()
  for (const { action, perMinute } of routes) {
    if (perMinute === undefined) continue
    quotas.set(action.name, new ActionQuota({ perMinute, store: hitStore(dependencies, `${action.name}:`) }))
  }
  return (actionName) => quotas.get(actionName) ?? null
}

function hitStore({ redis }: Dependencies, prefix: string): SharedHitStore {
  return new SharedHitStore({ prefix, share: redis === null ? null : shareHitsBy(redis) })
}
