import express, { type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import type { Dependencies } from './dependencies.js'
import { createIdempotency } from './idempotency/idempotency.js'
import { answerWithin } from './middleware/answerWithin.js'
import { authenticate } from './middleware/authenticate.js'
import { corsFor } from './middleware/cors.js'
import { errorAnswer, notFound } from './middleware/errorAnswer.js'
import { limitByAddress, limitByUser } from './middleware/floodLimit.js'
import { requestIdentity } from './middleware/requestIdentity.js'
import { SharedHitStore } from './middleware/SharedHitStore.js'
import { shareHitsBy } from './middleware/shareHits.js'
import { ActionQuota } from './routes/ActionQuota.js'
import type { ActionRoute } from './routes/ActionRoute.js'
import { actionsRouter } from './routes/actions.js'
import { adminRouter } from './routes/admin.js'
import { arrivalClaim } from './routes/arrival.js'
import { builtInActions } from './routes/builtInActions.js'
import { docsRouter } from './routes/docs.js'
import { healthRouter } from './routes/health.js'
import { mutationsRouter } from './routes/mutations.js'
import { readsRouter } from './routes/reads.js'
import { smsStatusRouter } from './routes/smsStatus.js'
import { twilioWebhooksRouter } from './routes/twilioWebhooks.js'
import { findAnswer } from './services/findAnswer.js'
import { toE164 } from './sms/phone.js'
import { createTakeOverSms } from './sms/takeOverSms.js'
import { createTwilioSignatureCheck } from './sms/twilioSignature.js'
import { metricsRouter } from './telemetry/metricsRouter.js'
import { requestLog } from './telemetry/requestLog.js'

/** Longest a request may take: above the carrier's 7 s, below the lease's 15 s and the client's 20 s. */
const ROUTE_LIMIT_MS = 10_000

export interface AppOptions {
  /** Actions of your own beside the built-in ones. */
  actions?: readonly ActionRoute[]
  /** True once the process is about to stop. @default never */
  isDraining?: () => boolean
}

/** The whole way of a request, in order. What stands above `authenticate` is public. */
export function createApp(dependencies: Dependencies, { actions = [], isDraining = () => false }: AppOptions = {}): Express {
  const { config, log, database, breaker, telemetry, fastStore } = dependencies
  const origins = { publicUrl: config.publicUrl, corsOrigins: config.corsOrigins }
  const routes = [...builtIn(dependencies), ...actions]
  const app = express().disable('x-powered-by').disable('etag').set('trust proxy', config.trustProxy)

  app.use(requestIdentity, requestLog(log, telemetry), securityHeaders(), corsFor(config.corsOrigins))
  app.use(healthRouter({ database, isDraining, isFastStoreUp: () => fastStore.redis?.isUp ?? true }))
  app.use(metricsRouter({ registry: telemetry.registry, token: config.metricsToken }))
  app.use(limitByAddress({ perMinute: config.limits.addressPerMinute }), answerWithin(ROUTE_LIMIT_MS))
  app.use(docsRouter({ actions: routes.map(({ action, otherPaths }) => ({ action, otherPaths })) }), webhooks(dependencies))

  app.use('/api', authenticate({ ...origins, verifyToken: dependencies.verifyToken, sessionCookieName: config.auth.sessionCookieName }))
  app.use('/api', limitByUser({ perMinute: config.limits.userPerMinute, store: hitStore(dependencies, 'user:') }))
  app.use(
    actionsRouter({
      routes,
      origins,
      idempotency: idempotencyFor(dependencies),
      findAnswer: (keyed) => findAnswer(database, keyed),
      quotaOf: quotasOf(routes, dependencies),
      onForeignFingerprint: telemetry.idempotency.onForeignFingerprint,
    }),
  )
  app.use(readsRouter({ database }), smsStatusRouter({ breaker }), mutationsRouter({ database }), adminRouter({ breaker, log }))

  app.use(notFound)
  app.use(errorAnswer({ onInternalError: (err, request) => log.error({ err, ...request }, 'request failed') }))
  return app
}

// Answers are data, never pages: a browser that is led to one loads and runs nothing.
function securityHeaders(): RequestHandler {
  return helmet({ contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } } })
}

function builtIn({ config, database, breaker, smsDispatcher, log }: Dependencies): ActionRoute[] {
  const onDispatchError = (err: unknown) => log.warn({ err }, 'SMS could not be dispatched now; the background task will')
  const takeOverSms = createTakeOverSms({ database, breaker, dispatcher: smsDispatcher, toE164, onDispatchError })
  return builtInActions({ database, breaker, smsPerMinute: config.limits.smsPerMinute, takeOverSms })
}

function webhooks({ config, smsOutbox, telemetry }: Dependencies): RequestHandler {
  return twilioWebhooksRouter({
    outbox: smsOutbox,
    checkSignature: createTwilioSignatureCheck(config.twilio, config.publicUrl),
    onSecondSid: telemetry.sms.onSecondSid,
  })
}

function idempotencyFor({ config, fastStore, telemetry }: Dependencies): RequestHandler {
  const { middleware } = createIdempotency({
    store: fastStore.store,
    identify: (_req, res) => arrivalClaim(res),
    windowMs: config.idempotency.windowMs,
    ...telemetry.idempotency,
  })
  return middleware
}

function quotasOf(routes: readonly ActionRoute[], dependencies: Dependencies): (actionName: string) => ActionQuota | null {
  const quotas = new Map<string, ActionQuota>()
  for (const { action, perMinute } of routes) {
    if (perMinute === undefined) continue
    quotas.set(action.name, new ActionQuota({ perMinute, store: hitStore(dependencies, `${action.name}:`) }))
  }
  return (actionName) => quotas.get(actionName) ?? null
}

function hitStore({ fastStore }: Dependencies, prefix: string): SharedHitStore {
  return new SharedHitStore({ prefix, share: fastStore.redis === null ? null : shareHitsBy(fastStore.redis) })
}
