import type { Request, RequestHandler, Response } from 'express'
import { ipKeyGenerator, rateLimit, type Store } from 'express-rate-limit'
import { Refusal } from '../http/Refusal.js'
import { findSession } from '../identity/session.js'

const MINUTE_MS = 60_000

export interface FloodLimitOptions {
  perMinute: number
  /** Where hits are counted. @default this process */
  store?: Store
}

/** Bounds requests per address, so that a flood without a token costs nothing behind it. */
export function limitByAddress(options: FloodLimitOptions): RequestHandler {
  return limiter(options, (req) => ipKeyGenerator(withoutPort(req.ip ?? '')))
}

// Some proxies name the port with the address (192.0.2.1:50001, [2001:db8::1]:50001): each connection would be somebody else.
function withoutPort(address: string): string {
  const [, inBrackets, before] = /^(?:\[(.+)\](?::\d+)?|([^:]+):\d+)$/.exec(address) ?? []
  return inBrackets ?? before ?? address
}

/** Bounds requests per signed-in user. */
export function limitByUser(options: FloodLimitOptions): RequestHandler {
  return limiter(options, (_req, res) => {
    const session = findSession(res)
    return session === undefined ? '' : `${session.kind === 'operator' ? '' : session.tenant}\n${session.actor}`
  })
}

function limiter({ perMinute, store }: FloodLimitOptions, keyGenerator: (req: Request, res: Response) => string): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: perMinute,
    keyGenerator,
    standardHeaders: false,
    legacyHeaders: false,
    // A limiter that cannot count must not stop the clicks it protects.
    passOnStoreError: true,
    ...(store === undefined ? {} : { store }),
    handler: (req, _res, next) => {
      const resetTime = (req as Request & { rateLimit?: { resetTime?: Date } }).rateLimit?.resetTime
      next(new Refusal('RATE_LIMITED', { retryAfterMs: Math.max(1_000, (resetTime?.getTime() ?? 0) - Date.now()) }))
    },
  })
}
