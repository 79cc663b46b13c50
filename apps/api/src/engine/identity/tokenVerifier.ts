import { idSchema } from '@org/contracts'
import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'
import type { AuthConfig } from '../config/engineSettings.js'
import { Refusal } from '../http/Refusal.js'
import { KeySet, type KeySetOptions } from './KeySet.js'
import type { Session } from './session.js'

/** Checks a token and says who it names. */
export type VerifyToken = (token: string) => Promise<Session>

export type VerifierOptions = Omit<KeySetOptions, 'url'>

const LONGEST_TOKEN = 8_192
const CLOCK_SKEW_SECONDS = 5

/**
 * Makes the check of access tokens: fixed algorithms, issuer, audience, and the tenant claim.
 * The returned function throws `Refusal` UNAUTHENTICATED for a bad token, STORE_UNAVAILABLE when the
 * key set cannot be read and the token names a key that is not known (which says nothing about the token).
 */
export function createTokenVerifier(config: AuthConfig, keySetOptions: VerifierOptions = {}): VerifyToken {
  const checks = verifiers(config, keySetOptions)
  return async (token) => {
    if (token.length > LONGEST_TOKEN) throw unauthenticated()
    const algorithm = algorithmOf(token)
    const check = checks[algorithm ?? '']
    if (check === undefined) throw unauthenticated()
    return toSession(await check(token), config.tenantClaim)
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
    const check: Check = (token) => verified(jwtVerify(token, keys.keyOf, { ...options, algorithms: ['ES256', 'RS256'] }))
    checks.ES256 = check
    checks.RS256 = check
  }
  if (config.hs256Secret !== null) {
    const secret = new TextEncoder().encode(config.hs256Secret)
    checks.HS256 = (token) => verified(jwtVerify(token, secret, { ...options, algorithms: ['HS256'] }))
  }
  return checks
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

function toSession(payload: JWTPayload, tenantClaim: string): Session {
  const actor = idSchema.safeParse(payload.sub)
  if (payload.role === 'service_role') return { kind: 'service', actor: actor.success ? actor.data : 'service_role' }
  if (!actor.success) throw unauthenticated()
  const tenant = idSchema.safeParse(readPath(payload, tenantClaim))
  if (tenant.success) return { kind: 'user', actor: actor.data, tenant: tenant.data }
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
