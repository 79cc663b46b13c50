import type { Request, RequestHandler } from 'express'
import { Refusal } from '../http/Refusal.js'
import { isTrustedOrigin, isWrite, originHeaders, type TrustedOrigins } from '../http/sameOrigin.js'
import { answerOf } from './answerOf.js'
import { nameSession } from './nameSession.js'
import { type Session, setSession } from './session.js'

/** Who is calling, as the app that the API is mounted in knows it. */
export interface AppCaller {
  /** The person's id, or the name of the service account. 1 to 128 characters; a person's does not begin with "service:". */
  actor: string
  /** The organisation acted for. The app must have checked that this caller may: what a request asks for is only a wish. */
  tenant: string
  /** A program that acts for the organisation: rows, ledger and log name it `service:<actor>`. @default false */
  isService?: boolean
  /** What `request.jwt.claims` says inside effects and reads. @default sub, role "authenticated", and the tenant claim */
  claims?: Readonly<Record<string, unknown>>
}

/** Says who is calling; null when nobody is signed in. What it throws is told as trouble of ours, not as "signed out". */
export type FindCaller = (req: Request) => AppCaller | null | undefined | Promise<AppCaller | null | undefined>

export interface IdentifyOptions extends TrustedOrigins {
  caller: FindCaller
  /** Path of the claim that names the organisation, for the claims that are made here. */
  tenantClaim: string
}

/**
 * Takes the app's word for who is calling. How it knows is not told here, so every write counts as one that a browser may
 * have sent by itself, with a cookie or another sign-in of its own.
 */
export function identifyBy({ caller, tenantClaim, ...origins }: IdentifyOptions): RequestHandler {
  return async (req, res, next) => {
    if (isWrite(req) && !isMeant(req, origins)) throw new Refusal('FORBIDDEN')
    const found = await answerOf('caller(req)', () => caller(req))
    if (found === null || found === undefined) throw new Refusal('UNAUTHENTICATED')
    setSession(res, sessionOf(found, tenantClaim))
    next()
  }
}

/**
 * From this origin or a listed one, or from no browser: a program says nothing of an origin, and carries no cookie that
 * somebody's browser keeps.
 */
function isMeant(req: Request, origins: TrustedOrigins): boolean {
  const headers = originHeaders(req)
  if (isTrustedOrigin(headers, origins)) return true
  const isSilent = headers.origin === undefined && headers.fetchSite === undefined
  return req.headers.cookie === undefined && (isSilent || bearsToken(req))
}

// No browser attaches one by itself.
const bearsToken = (req: Request) => /^Bearer \S/i.test(req.headers.authorization ?? '')

function sessionOf(found: AppCaller, tenantClaim: string): Session {
  if (typeof found !== 'object') throw new TypeError(`caller(req) must give { actor, tenant } or null, and gave a ${typeof found}.`)
  const { actor, tenant, isService = false, claims } = found
  const session = nameSession({ actor, tenant, isService: isService === true, claims: claims ?? claimsFor(found, tenantClaim) })
  if (session !== null) return session
  throw new TypeError(
    'caller(req) must give { actor, tenant } as texts of 1 to 128 characters, and no person whose id begins with "service:". Numbers become texts with String().',
  )
}

function claimsFor({ actor, tenant }: AppCaller, tenantClaim: string): Record<string, unknown> {
  const nested = tenantClaim.split('.').reduceRight<unknown>((value, name) => ({ [name]: value }), tenant)
  return { sub: actor, role: 'authenticated', ...(nested as Record<string, unknown>) }
}
