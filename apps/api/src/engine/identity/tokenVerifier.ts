import { idSchema } from '@org/contracts'
import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose'
import type { AuthConfig } from '../config/engineSettings.js'
import { Refusal } from '../http/Refusal.js'
import { answerOf } from './answerOf.js'
import { KeySet, type KeySetOptions } from './KeySet.js'
import { nameSession, SERVICE_PREFIX } from './nameSession.js'
import type { Session } from './session.js'

/** Checks a token and says who it names. @param tenantOf finds the organisation in place of the tenant claim */
export type VerifyToken = (token: string, tenantOf?: TenantOf) => Promise<Session>

/** The organisation of whoever bears these verified claims, for example by a membership table; null or undefined: of none. */
export type TenantOf = (claims: Readonly<Record<string, unknown>>) => string | null | undefined | Promise<string | null | undefined>

export type VerifierOptions = Omit<KeySetOptions, 'url'>

const LONGEST_TOKEN = 8_192
const CLOCK_SKEW_SECONDS = 5

/** The check where no setting names a key: no token is good. */
export const verifyNothing: VerifyToken = () => Promise.reject(unauthenticated())

/**
 * Makes the check of access tokens: fixed algorithms, issuer, audience, and the tenant claim.
 * The returned function throws `Refusal` UNAUTHENTICATED for a bad token, STORE_UNAVAILABLE when the
 * key set cannot be read and the token names a key that is not known (which says nothing about the token).
 */
export function createTokenVerifier(config: AuthConfig, keySetOptions: VerifierOptions = {}): VerifyToken {
  const checks = verifiers(config, keySetOptions)
  if (Object.keys(checks).length === 0) return verifyNothing
  return async (token, tenantOf) => {
    if (token.length > LONGEST_TOKEN) throw unauthenticated()
    const algorithm = algorithmOf(token)
    const check = checks[algorithm ?? '']
    if (check === undefined) throw unauthenticated()
    const claims = await check(token)
    return toSession(claims, tenantOf === undefined ? (readPath(claims, config.tenantClaim) ?? null) : await toldTenant(claims, tenantOf))
  }
}

type Check = (token: string) => Promise<JWTPayload>

// One verifier per kind of key, so that a public key can never be taken for a shared secret.
function verifiers(config: AuthConfig, keySetOptions: VerifierOptions): Readonly<Record<string, Check | undefined>> {
  const common = { audience: config.audience, clockTolerance: CLOCK_SKEW_SECONDS, requiredClaims: ['exp'] }
  const options: JWTVerifyOptions = config.issuer === null ? common : { ...common, issuer: config.issuer }
  const checks: Record<string, Check> = Object.create(null)
  if (config.jwksUrl !== null) {
    const keys = new KeySet({ url: config.jwksUrl, ...keySetOptions })
    const check: Check = (token) => verified(verifyBySet(token, keys.keyOf, { ...options, algorithms: ['ES256', 'RS256'] }))
    checks.ES256 = check
    checks.RS256 = check
  }
  if (config.hs256Secret !== null) {
    const secret = new TextEncoder().encode(config.hs256Secret)
    checks.HS256 = (token) => verified(jwtVerify(token, secret, { ...options, algorithms: ['HS256'] }))
  }
  return checks
}

/** A token that names no key may be signed with any that fits: while a provider changes its key there are two. */
async function verifyBySet(token: string, keyOf: JWTVerifyGetKey, options: JWTVerifyOptions): Promise<{ payload: JWTPayload }> {
  try {
    return await jwtVerify(token, keyOf, options)
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    let failure: unknown = error
    for await (const key of error) {
      try {
        return await jwtVerify(token, key, options)
      } catch (cause) {
        if (!(cause instanceof errors.JWSSignatureVerificationFailed)) throw cause
        failure = cause
      }
    }
    throw failure
  }
}

async function verified(result: Promise<{ payload: JWTPayload }>): Promise<JWTPayload> {
  try {
    return (await result).payload
  } catch (error) {
    if (error instanceof errors.JOSEError) throw unauthenticated(error)
    throw new Refusal('STORE_UNAVAILABLE', {
      error: 'Sign-in cannot be checked right now. It is safe to try again.',
      retryAfterMs: 1_000,
      cause: error,
    })
  }
}

function algorithmOf(token: string): string | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString())
    const algorithm = (header as { alg?: unknown } | null)?.alg
    return typeof algorithm === 'string' ? algorithm : undefined
  } catch {
    return undefined
  }
}

/** What a team's own function says. Its mistakes are told as ours, not as "signed out". */
async function toldTenant(claims: JWTPayload, tenantOf: TenantOf): Promise<string | null> {
  const tenant = (await answerOf('tenantOf(claims, req)', () => tenantOf(claims))) ?? null
  if (tenant === null || idSchema.safeParse(tenant).success) return tenant
  throw new TypeError(
    `tenantOf(claims, req) must give an organisation as text of 1 to 128 characters, or null for none, and gave ${typeof tenant === 'string' ? 'another text' : `a ${typeof tenant}`}. Numbers become texts with String().`,
  )
}

function toSession(claims: JWTPayload, tenant: unknown): Session {
  const isService = claims.role === 'service_role'
  const actor = isService ? (claims.sub ?? 'service_role') : claims.sub
  const session = nameSession({ actor, tenant, isService, claims })
  if (session !== null) return session
  if (tenant !== null || !idSchema.safeParse(actor).success) throw unauthenticated()
  if (isService) return { kind: 'operator', actor: SERVICE_PREFIX + actor }
  throw new Refusal('UNAUTHENTICATED', {
    error: 'Your account belongs to no organisation yet, so there is nothing to show. Ask an administrator.',
  })
}

function readPath(claims: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    return (value as Record<string, unknown>)[name]
  }, claims)
}

function unauthenticated(cause?: unknown): Refusal {
  return new Refusal('UNAUTHENTICATED', { cause })
}
