import { timingSafeEqual } from 'node:crypto'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { listMessages } from './listMessages.js'
import type { Message } from './Message.js'
import { API_VERSION, messageResource } from './messageResource.js'
import { refusal, refusalBody, type TwilioRefusal } from './TwilioError.js'
import type { Hit } from './twilioFaults.js'
import { type Account, type ValidMessage, validateMessage } from './validateMessage.js'

/** What the REST surface needs of the simulator. */
export interface RestApiOptions extends Account {
  accountSid: string
  authToken: string
  messages: { all(): Message[]; find(sid: string): Message | undefined }
  /** Accepts a valid message: stores it and starts its delivery. */
  accept(valid: ValidMessage): Message
  /** What this call meets; each call asks once. */
  nextHit(call: 'create' | 'read'): Hit
  /** The refusal of fault mode `error`. */
  faultRefusal(): TwilioRefusal
  /** Resolves `delayMs` later. */
  wait(delayMs: number): Promise<void>
}

/** Twilio's Messages resource: create, list, fetch. */
export function createRestApi(options: RestApiOptions): Express {
  const { accountSid, messages } = options
  const account = `/${API_VERSION}/Accounts/${accountSid}`
  const app = express()
  app.disable('x-powered-by')
  app.use(express.urlencoded({ extended: false, limit: '64kb' }))
  app.use(authenticate(options))

  app.post(`${account}/Messages.json`, (request, response) =>
    meetFault(options, 'create', response, () => {
      const valid = validateMessage(request.body ?? {}, options)
      if (!valid.ok) return valid.refusal
      return { status: 201, body: messageResource(options.accept(valid), accountSid) }
    }),
  )
  app.get(`${account}/Messages.json`, (request, response) =>
    meetFault(options, 'read', response, () => {
      const query = new URL(request.url, 'http://localhost').searchParams
      return { status: 200, body: listMessages(messages.all(), query, accountSid) }
    }),
  )
  app.get(`${account}/Messages/:sid.json`, (request, response) =>
    meetFault(options, 'read', response, () => {
      const message = messages.find(request.params.sid)
      return message === undefined ? refusal(20404) : { status: 200, body: messageResource(message, accountSid) }
    }),
  )
  app.use((_request, response) => refuse(response, refusal(20404)))
  app.use((_error: unknown, _request: Request, response: Response, _next: NextFunction) => refuse(response, refusal(20001)))
  return app
}

type Answer = { status: number; body: Record<string, unknown> } | TwilioRefusal

/** Runs `answer` unless the plan forbids it, and sends what the plan leaves of it. */
async function meetFault(options: RestApiOptions, call: 'create' | 'read', response: Response, answer: () => Answer): Promise<void> {
  const hit = options.nextHit(call)
  // No answer, ever: the caller's own timeout ends it.
  if (hit.mode === 'timeout') return
  const full = fullAnswer(hit, answer, options)
  if (hit.latencyMs > 0) await options.wait(hit.latencyMs)
  if (hit.mode === 'lost-response') response.socket?.destroy()
  else if ('code' in full) refuse(response, full)
  else if (hit.mode === 'bad-json') response.status(full.status).type('application/json').send(halfOf(full.body))
  else response.status(full.status).json(full.body)
}

function fullAnswer(hit: Hit, answer: () => Answer, options: RestApiOptions): Answer {
  if (hit.mode === 'error') return options.faultRefusal()
  if (hit.mode === 'rate-limited') return refusal(20429)
  return answer()
}

function halfOf(body: Record<string, unknown>): string {
  const text = JSON.stringify(body)
  return text.slice(0, text.length / 2)
}

function refuse(response: Response, refused: TwilioRefusal): void {
  response.status(refused.status).json(refusalBody(refused))
}

/** HTTP basic, the account's sid and its token. */
function authenticate({ accountSid, authToken }: RestApiOptions) {
  const expected = Buffer.from(`Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`)
  return (request: Request, response: Response, next: NextFunction) => {
    const given = Buffer.from(request.headers.authorization ?? '')
    if (given.length === expected.length && timingSafeEqual(given, expected)) return next()
    refuse(response, refusal(20003))
  }
}
