import type { Request, RequestHandler } from 'express'
import type { Dependencies } from './dependencies.js'
import type { ActionRoute } from './engine/actions/ActionRoute.js'
import { actionsRouter } from './engine/actions/actions.js'
import { mutationsRouter } from './engine/actions/mutations.js'
import { requireReachable } from './engine/actions/requireReachable.js'
import { changesRouter } from './engine/changes/changesRouter.js'
import { FairShare } from './engine/fairness/FairShare.js'
import { answerWithin } from './engine/http/answerWithin.js'
import type { TrustedOrigins } from './engine/http/sameOrigin.js'
import { authenticate } from './engine/identity/authenticate.js'
import { type FindCaller, identifyBy } from './engine/identity/identifyBy.js'
import { sessionRouter } from './engine/identity/sessionRouter.js'
import { type TenantOf, verifyNothing } from './engine/identity/tokenVerifier.js'
import { findAnswer } from './engine/ledger/findAnswer.js'
import { ActionQuota } from './engine/limits/ActionQuota.js'
import { limitByUser } from './engine/limits/floodLimit.js'
import { SharedHitStore } from './engine/limits/SharedHitStore.js'
import { shareHitsBy } from './engine/limits/shareHits.js'
import type { Module } from './engine/Module.js'
import { AnswerOnce } from './engine/replay/AnswerOnce.js'
import { rowsRouter } from './engine/rows/rowsRouter.js'
import { timelineRouter } from './engine/timeline/timelineRouter.js'

/** Longest a request may take once its body is there: above the database's limit and the carrier's 7 s, below the client's 20 s. */
const ROUTE_LIMIT_MS = 10_000

/** What a team adds to the API, and how it knows who is calling. */
export interface ApiOptions {
  /** Actions of your own beside the built-in ones. */
  actions?: readonly ActionRoute[]
  /** Modules of your own beside those that `MODULES` names. */
  modules?: readonly Module[]
  /** Says who is calling. @default the access token or session cookie, as the sign-in settings say */
  caller?: FindCaller
  /**
   * Where tokens say who is calling: their organisation, for example by a membership table. Its twin in the database is
   * `sync.caller_tenants()`. @default the claim that `TENANT_CLAIM` names
   */
  tenantOf?: (claims: Readonly<Record<string, unknown>>, req: Request) => ReturnType<TenantOf>
}

/** What answers, in order: without a sign-in, and behind one. */
export interface ApiRoutes {
  actions: readonly ActionRoute[]
  /** For their description. */
  reads: NonNullable<Module['reads']>
  open: readonly RequestHandler[]
  closed: readonly RequestHandler[]
}

/** @throws {RangeError} when of two actions one would never be reached */
export function apiRoutes(dependencies: Dependencies, { actions = [], modules: own = [] }: ApiOptions): ApiRoutes {
  const { config, database, telemetry } = dependencies
  const modules = [...dependencies.modules, ...own]
  const routes = [...modules.flatMap((module) => module.actions ?? []), ...actions]
  requireReachable(routes)
  const run = actionsRouter({
    routes,
    origins: originsOf(dependencies),
    once: new AnswerOnce({ cache: dependencies.replayCache, ...telemetry.replay }),
    limitMs: ROUTE_LIMIT_MS,
    fairShare: new FairShare({ connections: config.database.poolSize }),
    findAnswer: (keyed) => findAnswer(database, keyed),
    quotaOf: quotasOf(routes, dependencies),
    onForeignFingerprint: telemetry.onForeignFingerprint,
    onEffectRefused: telemetry.onEffectRefused,
    onLate: telemetry.onLateAnswer,
  })
  const sources = modules.flatMap(({ timeline }) => timeline ?? [])
  const readers = [
    sessionRouter(),
    changesRouter({ database }),
    mutationsRouter({ database }),
    rowsRouter({ database }),
    timelineRouter({ database, sources }),
  ]
  return {
    actions: routes,
    reads: modules.flatMap((module) => module.reads ?? []),
    open: modules.flatMap((module) => module.publicRoutes ?? []),
    closed: [run, answerWithin(ROUTE_LIMIT_MS), ...readers, ...modules.flatMap((module) => module.routes ?? [])],
  }
}

/**
 * Finds out who is calling, and how much they may ask.
 * @throws {TypeError} when nothing says who is calling: everybody would be told to sign in, for ever
 */
export function signIn(dependencies: Dependencies, { caller, tenantOf }: ApiOptions): RequestHandler[] {
  const { config, verifyToken } = dependencies
  if (caller === undefined && verifyToken === verifyNothing)
    throw new TypeError(
      'Nothing says who is calling, so nobody could sign in: give `caller`, or set JWKS_URL (or ALLOW_HS256 with its secret).',
    )
  const { sessionCookieName, tenantClaim } = config.auth
  const origins = originsOf(dependencies)
  return [
    caller === undefined
      ? authenticate({ ...origins, verifyToken, sessionCookieName, tenantOf })
      : identifyBy({ ...origins, caller, tenantClaim }),
    limitByUser({ perMinute: config.limits.userPerMinute, store: hitStore(dependencies, 'user:') }),
  ]
}

function originsOf({ config: { publicUrl, corsOrigins } }: Dependencies): TrustedOrigins {
  return { publicUrl, corsOrigins }
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
