import type { FeedChange } from './ChangeFeed.js'

/** Claims of a verified access token, as far as the gateway reads them. */
export type Claims = Readonly<Record<string, unknown>>

/** Verifies an access token; throws (with jose's `code` where there is one) when it is not good. */
export type TokenVerifier = (jwt: string) => Promise<Claims>

/** Whose eyes a channel sees with. `claims` is null for the anonymous key. */
export interface Access {
  token: string | null
  claims: Claims | null
}

export const ANONYMOUS: Access = { token: null, claims: null }

export type Refusal = 'missing' | 'expired' | 'signature' | 'malformed' | 'claims'
export type Verdict = { ok: true; access: Access } | { ok: false; refusal: Refusal }

/** Checks one access token. Never throws. */
export async function checkToken(token: string, verify: TokenVerifier): Promise<Verdict> {
  try {
    const claims = await verify(token)
    if (typeof claims.role !== 'string' || typeof claims.exp !== 'number') return { ok: false, refusal: 'claims' }
    return { ok: true, access: { token, claims } }
  } catch (error) {
    return { ok: false, refusal: refusalOf((error as { code?: unknown } | null)?.code) }
  }
}

function refusalOf(code: unknown): Refusal {
  if (code === 'ERR_JWT_EXPIRED') return 'expired'
  return code === 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' ? 'signature' : 'malformed'
}

/** The reason of a failed join: "Code: text". */
export const JOIN_REASONS: Readonly<Record<Refusal, string>> = {
  missing: 'MalformedJWT: The token provided is not a valid JWT',
  expired: 'InvalidJWTToken: Token has expired',
  signature: 'JwtSignatureError: Failed to validate JWT signature',
  malformed: 'MalformedJWT: The token provided is not a valid JWT',
  claims: 'InvalidJWTToken: Fields `role` and `exp` are required in JWT',
}

/** What a refused API key answers before the upgrade, always 401. */
export const KEY_REASONS: Readonly<Record<Refusal, string>> = {
  missing: 'API key is missing',
  expired: 'Token has expired',
  signature: 'Failed to validate JWT signature',
  malformed: 'The token provided is not a valid JWT',
  claims: 'Fields `role` and `exp` are required in JWT',
}

/** When the token ends, epoch ms; null when there is none. */
export function expiresAt({ claims }: Access): number | null {
  return typeof claims?.exp === 'number' ? claims.exp * 1_000 : null
}

/** Reads the organisation out of claims; undefined when they name none. */
export type TenantOf = (claims: Claims) => string | undefined

/** Supabase's place for it: `app_metadata.org_id`. */
export function tenantOfClaims(claims: Claims): string | undefined {
  const metadata = claims.app_metadata
  const orgId = typeof metadata === 'object' && metadata !== null ? (metadata as Record<string, unknown>).org_id : undefined
  return typeof orgId === 'string' ? orgId : undefined
}

/**
 * Row-level security in one place: the service role sees all, a signed-in user their own
 * organisation's rows, everyone else nothing. Pure.
 *
 * Real Supabase cannot apply it to DELETE and sends the key to every subscriber. Where the feed
 * knows whose row it was, this gateway is stricter; where it does not, it does the same.
 */
export function maySee({ claims }: Access, change: Pick<FeedChange, 'tenant' | 'eventType'>, tenantOf: TenantOf): boolean {
  if (claims?.role === 'service_role') return true
  if (typeof change.tenant !== 'string') return change.eventType === 'DELETE'
  return claims?.role === 'authenticated' && tenantOf(claims) === change.tenant
}
