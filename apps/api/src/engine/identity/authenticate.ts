import type { Request, RequestHandler } from 'express'
import { toFault } from '../http/errorAnswer.js'
import { Refusal } from '../http/Refusal.js'
import { isTrustedOrigin, isWrite, originHeaders, type TrustedOrigins } from '../http/sameOrigin.js'
import { type Session, setSession } from './session.js'
import type { TenantOf, VerifyToken } from './tokenVerifier.js'

export interface AuthenticateOptions extends TrustedOrigins {
  verifyToken: VerifyToken
  sessionCookieName: string
  /** The organisation of whoever bears a verified token. @default the tenant claim's */
  tenantOf?: ((claims: Readonly<Record<string, unknown>>, req: Request) => ReturnType<TenantOf>) | undefined
}

/**
 * Finds out who is calling, from `Authorization` or the session cookie. A cookie travels with requests
 * the user never made, so its writes must come from this origin or a listed one.
 */
export function authenticate({ tenantOf, ...options }: AuthenticateOptions): RequestHandler {
  return async (req, res, next) => {
    const found = findToken(req, options.sessionCookieName)
    if (found === null) throw new Refusal('UNAUTHENTICATED')
    if (found.source === 'cookie' && isWrite(req) && !isTrustedOrigin(originHeaders(req), options)) throw new Refusal('FORBIDDEN')
    setSession(res, await sessionOf(found.token, options.verifyToken, tenantOf && ((claims) => tenantOf(claims, req))))
    next()
  }
}

/** The check may be a team's own. */
async function sessionOf(token: string, verifyToken: VerifyToken, tenantOf: TenantOf | undefined): Promise<Session> {
  try {
    return await verifyToken(token, tenantOf)
  } catch (error) {
    throw toFault(error)
  }
}

function findToken(req: Request, cookieName: string): { token: string; source: 'header' | 'cookie' } | null {
  const header = req.headers.authorization
  if (header !== undefined) {
    const bearer = /^Bearer ([^\s]+)$/i.exec(header)?.[1]
    return bearer === undefined ? null : { token: bearer, source: 'header' }
  }
  const cookie = readCookie(req.headers.cookie, cookieName)
  return cookie === null ? null : { token: cookie, source: 'cookie' }
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || null
  }
  return null
}
