import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express'
import * as z from 'zod'
import type { Identity } from '../identity/createIdentity.js'
import { DEMO_USERS, type DemoUserName } from '../identity/demoUsers.js'
import type { RealtimeGateway } from '../realtime-gateway/RealtimeGateway.js'
import type { TwilioSimulator } from '../twilio-simulator/TwilioSimulator.js'
import { describeIssues, type FaultPlan, faultPlanSchema } from './faultPlan.js'

export interface StandInRoutesOptions {
  identity: Identity
  twilio: TwilioSimulator
  realtime: Pick<RealtimeGateway, 'faults' | 'setFaults'>
  /** The cookie the API reads the session from. @default 'session' */
  sessionCookieName?: string
}

const tokenSchema = z.strictObject({ user: z.enum(Object.keys(DEMO_USERS) as [DemoUserName, ...DemoUserName[]]) })
const inboundSchema = z.strictObject({ from: z.string().min(1), body: z.string(), to: z.string().min(1).optional() })

/**
 * The routes of `/_stand-ins`, for the demo and tests only: sign-in, what Twilio accepted, the fault
 * plan. Errors are 400 with `{error}`. Mount it at `/_stand-ins`.
 */
export function createStandInRoutes(options: StandInRoutesOptions): Router {
  const { identity, twilio } = options
  const router = Router()
  const json = express.json({ limit: '16kb' })

  router.get(['/jwks.json', '/.well-known/jwks.json'], (_request, response) => void response.json(identity.jwks()))
  router.post('/token', json, signIn(options))
  router.delete('/token', (_request, response) => {
    response.clearCookie(cookieName(options), COOKIE)
    response.status(204).end()
  })

  router.get('/twilio/messages', (_request, response) => void response.json({ messages: twilio.messages() }))
  router.post('/twilio/inbound', json, async (request, response) => {
    const webhook = await twilio.receive(inboundSchema.parse(request.body))
    if (webhook === null) response.status(409).json({ error: 'No inbound URL is configured, so the reply reached Twilio and nobody else.' })
    else response.json({ status: webhook.status, error: webhook.error })
  })

  router.get('/faults', (_request, response) => void response.json(showPlan(options)))
  router.put('/faults', json, async (request, response) => {
    const plan = faultPlanSchema.parse(request.body)
    await twilio.setFaults(plan.twilio)
    options.realtime.setFaults(plan.realtime)
    response.json(showPlan(options))
  })
  router.delete('/faults', async (_request, response) => {
    await twilio.setFaults()
    options.realtime.setFaults()
    response.json(showPlan(options))
  })

  router.use(
    ((_request, response) => void response.status(404).json({ error: 'There is no such stand-in route.' })) satisfies RequestHandler,
  )
  router.use(answerError)
  return router
}

const COOKIE = { httpOnly: true, sameSite: 'lax', path: '/' } as const

function cookieName({ sessionCookieName = 'session' }: StandInRoutesOptions): string {
  return sessionCookieName
}

function signIn(options: StandInRoutesOptions): RequestHandler {
  const { identity } = options
  return async (request, response) => {
    const { user } = tokenSchema.parse(request.body)
    const token = await identity.issueToken({ user })
    response.cookie(cookieName(options), token, { ...COOKIE, maxAge: identity.lifetimeSeconds * 1_000 })
    response.set('Cache-Control', 'no-store').json({ access_token: token })
  }
}

function showPlan({ twilio, realtime }: StandInRoutesOptions): FaultPlan {
  return { twilio: twilio.faults(), realtime: realtime.faults() }
}

/** What the caller got wrong is 400 and says so; anything else is the host's to answer. */
const answerError: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (error instanceof z.ZodError) response.status(400).json({ error: describeIssues(error) })
  else if (isParseError(error)) response.status(error.status).json({ error: 'The body is not valid JSON, or too large.' })
  else next(error)
}

function isParseError(error: unknown): error is { status: number } {
  const status = (error as { status?: unknown } | null)?.status
  return typeof status === 'number' && status >= 400 && status < 500
}
