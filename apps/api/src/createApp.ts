import express, { type Express } from 'express'
import helmet from 'helmet'
import type { Dependencies } from './dependencies.js'
import { createIdempotency } from './idempotency/idempotency.js'
import { answerWithin } from './middleware/answerWithin.js'
import { authenticate } from './middleware/authenticate.js'
import { corsFor } from './middleware/cors.js'
import { errorAnswer, notFound } from './middleware/errorAnswer.js'
import { limitByAddress, limitByUser } from './middleware/floodLimit.js'
import { requestIdentity } from './middleware/requestIdentity.js'
import type { ActionRoute } from './routes/ActionRoute.js'
import { actionsRouter } from './routes/actions.js'
import { arrivalClaim } from './routes/arrival.js'
import { builtInActions } from './routes/builtInActions.js'
import { healthRouter } from './routes/health.js'
import { mutationsRouter } from './routes/mutations.js'
import { readsRouter } from './routes/reads.js'
import { smsStatusRouter } from './routes/smsStatus.js'
import { twilioWebhooksRouter } from './routes/twilioWebhooks.js'
import { findAnswer } from './services/findAnswer.js'
import { toE164 } from './sms/phone.js'
import { createTakeOverSms } from './sms/takeOverSms.js'
import { createTwilioSignatureCheck } from './sms/twilioSignature.js'
import { requestLog } from './telemetry/requestLog.js'

/** Longest a request may take: above the carrier's 7 s, below the lease's 15 s and the client's 20 s. */
const ROUTE_LIMIT_MS = 10_000

export interface AppOptions {
  /** Actions of your own beside the built-in ones. */
  actions?: readonly ActionRoute[]
  /** True once the process is about to stop. @default never */
  isDraining?: () => boolean
}

/** The whole way of a request, in order. What is not below `authenticate` is public. */
export function createApp(dependencies: Dependencies, { actions = [], isDraining = () => false }: AppOptions = {}): Express {
  const { config, log, database, breaker } = dependencies
  const origins = { publicUrl: config.publicUrl, corsOrigins: config.corsOrigins }
  const app = express().disable('x-powered-by').disable('etag').set('trust proxy', config.trustProxy)

  app.use(requestIdentity, requestLog(log), helmet(), corsFor(config.corsOrigins))
  app.use(healthRouter({ database, isDraining, isFastStoreUp: () => true }))
  app.use(limitByAddress({ perMinute: config.limits.addressPerMinute }), answerWithin(ROUTE_LIMIT_MS))
  app.use(webhooks(dependencies))

  app.use('/api', authenticate({ ...origins, verifyToken: dependencies.verifyToken, sessionCookieName: config.auth.sessionCookieName }))
  app.use('/api', limitByUser({ perMinute: config.limits.userPerMinute }))
  app.use(
    actionsRouter({
      routes: [...builtInActions({ database, sendSms: takeOverSms(dependencies) }), ...actions],
      origins,
      idempotency: idempotencyFor(dependencies),
      findAnswer: (keyed) => findAnswer(database, keyed),
      onForeignFingerprint: () => log.warn('a ledger row has a fingerprint of an unknown version; it counted as a match'),
    }),
  )
  app.use(readsRouter({ database }), smsStatusRouter({ breaker }), mutationsRouter({ database }))

  app.use(notFound)
  app.use(errorAnswer({ onInternalError: (err, request) => log.error({ err, ...request }, 'request failed') }))
  return app
}

function webhooks({ config, smsOutbox, smsEvents }: Dependencies) {
  return twilioWebhooksRouter({
    outbox: smsOutbox,
    checkSignature: createTwilioSignatureCheck(config.twilio, config.publicUrl),
    onSecondSid: (id) => smsEvents.onSecondSid?.(id),
  })
}

function takeOverSms({ database, breaker, smsDispatcher, log }: Dependencies) {
  const onDispatchError = (err: unknown) => log.warn({ err }, 'SMS could not be dispatched now; the loop will')
  return createTakeOverSms({ database, breaker, dispatcher: smsDispatcher, toE164, onDispatchError })
}

function idempotencyFor({ config, idempotencyStore, log }: Dependencies) {
  return createIdempotency({
    store: idempotencyStore,
    identify: (_req, res) => arrivalClaim(res),
    windowMs: config.idempotency.windowMs,
    onStoreError: (verb, err) => log.warn({ err, verb }, 'the fast store failed; the ledger alone decides'),
    onForeignFingerprint: () => log.warn('a stored answer has a fingerprint of an unknown version; it counted as a match'),
  }).middleware
}
